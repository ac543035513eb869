"""Tests of services/legacy."""
