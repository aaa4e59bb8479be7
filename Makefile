# make demo   profile a small program and look at it        make check  lint and types
# make test   all checks and tests                           make bench  measurements beside peers
# make demo-live   start a small service and watch it

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$python && break; done)
THIS = $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
OTHERS = $(filter-out $(THIS),3.10 3.11 3.12 3.13 3.14)

.PHONY: demo demo-live test check bench screenshots keys test-all others pytest

demo: $(BIN)/proftui
	$(BIN)/proftui demo

demo-live: $(BIN)/proftui
	$(BIN)/proftui demo --live

test: check pytest

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pytest: $(VENV)/dev
	$(BIN)/python -m pytest -n logical

bench: $(VENV)/dev
	@for script in $$(grep -l __main__ benchmarks/*.py); do echo "== $$script"; $(BIN)/python $$script || exit; done

screenshots: $(VENV)/dev
	$(BIN)/python screenshots/make.py

# README's table of keys, from the bindings
keys: $(VENV)/dev
	$(BIN)/python tests/test_readme.py

test-all: others test

# The tests on each other interpreter that is installed, in a fresh virtual environment; what does not depend on the
# interpreter is tested by `make test`, and invariants by more examples.
others:
	@for version in $(OTHERS); do \
		python=$$(ls -d $$HOME/.pyenv/versions/$$version.*/bin/python 2>/dev/null | tail -n 1); \
		python=$${python:-$$(command -v python$$version)}; \
		$${python:-false} -c pass 2>/dev/null || { echo "== Python $$version is not installed"; continue; }; \
		echo "== $$($$python --version)"; \
		rm -rf build/venv-$$version; \
		$$python -m venv build/venv-$$version && \
		build/venv-$$version/bin/python -m pip install -q -e '.[memray,test]' && \
		build/venv-$$version/bin/python -m pytest -n logical -m "not once" --hypothesis-profile brief || exit; \
	done

$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "proftui needs Python 3.10 or newer; none is on PATH"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(BIN)/proftui: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q -e '.[dev]'
	@touch $@
