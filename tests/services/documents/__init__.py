"""Tests of issued papers."""
