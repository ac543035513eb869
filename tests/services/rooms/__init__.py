"""Tests of services/rooms."""
