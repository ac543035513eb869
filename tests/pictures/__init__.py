"""The pictures of the manual, taken by driving the running product: `python -m tests.pictures`."""
