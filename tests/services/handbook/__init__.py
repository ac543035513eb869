"""Tests of the electronic project handbook."""
