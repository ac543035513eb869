"""Tests of what is shown of persons, to whom, and how it is kept."""
