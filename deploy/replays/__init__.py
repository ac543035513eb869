"""Recorded months that are played through the door on a throw-away database: a module each, found by its file.

A module has `HELP`, `arguments(parser)` and `lines(ground, arguments)`, which yields an object a line of its input; its
name with `_` for `-` is what `main.py replay` calls it.
"""
