"""Benchmarks: each figure beside a named baseline of the same run; `python -m tests.bench`, never part of the tests."""
