"""What fills the terminal: the viewer, what leads to it, and the dialogs over it."""
