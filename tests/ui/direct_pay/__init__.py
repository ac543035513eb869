"""Tests of the pages of direct payment for staff."""
