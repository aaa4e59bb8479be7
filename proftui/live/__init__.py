"""Profiles of programs while they run."""
