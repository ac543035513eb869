"""Tests, mirroring the source tree; `tests/e2e` drives a browser and runs apart from the rest."""
