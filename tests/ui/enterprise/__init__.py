"""Tests of the enterprise workspace."""
