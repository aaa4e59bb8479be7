"""Opening what one looks at in an editor."""

from __future__ import annotations

import subprocess
from functools import partial
from typing import ClassVar

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType

from proftui.errors import ProftuiError
from proftui.report.source import NoSource, read_source
from proftui.report.text import safe
from proftui.tui.editor import editor_command
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.views.source import SourceView


class EditKeys(Stage):
    """The way to the editor and back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "edit", "Editor", show=False, id="viewer.edit", tooltip="Open the source in $VISUAL or $EDITOR"),
    ]

    def action_edit(self) -> None:
        """Leave the screen to the editor, at the line under the cursor or that the row's function begins on."""
        try:
            file, line = self._edited()
            command = editor_command(file, line)
        except ProftuiError as error:
            self.say(safe(str(error)))
            return
        try:
            with self.app.suspend():
                ended = subprocess.run(command, check=False).returncode
        except SuspendNotSupported:
            self.say("this terminal cannot be left to another program")
        except (OSError, ValueError) as error:
            self.say(f"{safe(command[0])} does not start: {safe(str(error))}")
        else:
            self.refresh(layout=True)
            self._come_back(f"{safe(command[0])} ended with {ended}" if ended else "")

    def _edited(self) -> tuple[str, int]:
        """The file and line to open. Raises NoSource."""
        view = self.view
        if isinstance(view, SourceView):
            return view.edited()
        function = view.function() if view is not None else None
        if function is None:
            raise NoSource("there is no function under the cursor")
        functions = self.session.profile.functions
        path = self.session.sources.path(functions.file[function])
        return read_source(path).path, int(functions.line[function])

    def _come_back(self, sentence: str) -> None:
        """Show the text as it is now."""
        self.session.sources.forget()
        if isinstance(self.view, SourceView):
            self.change(self.state)
        if sentence:
            self.call_after_refresh(partial(self.say, sentence))
