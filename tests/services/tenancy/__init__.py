"""Tests of services/tenancy."""
