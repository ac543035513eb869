"""Tests of the partners: registry, exchange log."""
