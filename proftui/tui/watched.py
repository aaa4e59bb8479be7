"""A process that is watched, as the lines above the views tell of it."""
