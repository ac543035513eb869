"""Tests of services/tenancy/rules."""
