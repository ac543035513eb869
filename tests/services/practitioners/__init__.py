"""Tests of bringing in the people of enterprises."""
