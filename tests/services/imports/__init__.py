"""Tests of tables brought in: sessions, corrections, committing."""
