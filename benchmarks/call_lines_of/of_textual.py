"""The import of a large package."""

import textual.app
import textual.widgets

textual.widgets.DataTable, textual.widgets.Tree, textual.widgets.Input
