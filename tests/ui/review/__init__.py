"""Tests of the reviewer's queue over a made-up kind of record."""
