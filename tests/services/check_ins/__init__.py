"""Tests of services/check_ins."""
