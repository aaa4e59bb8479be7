"""A package compiled."""

import compileall
import json
import os
import shutil
import tempfile

folder = tempfile.mkdtemp()
shutil.copytree(os.path.dirname(json.__file__), folder + "/j")
compileall.compile_dir(folder, quiet=2, force=True)
shutil.rmtree(folder)
