"""Tests of the shell and its pages: the outer app with its guard, without a browser."""
