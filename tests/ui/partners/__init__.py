"""Tests of the pages of the exchange with partners."""
