"""Tests of sales plans and their price lists."""
