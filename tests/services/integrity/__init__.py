"""Tests of services/integrity."""
