"""Tests of direct rent from the provident fund."""
