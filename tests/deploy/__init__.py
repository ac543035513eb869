"""Tests of what builds, checks and ships the product."""
