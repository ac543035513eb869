"""The product in a real browser, as a clerk uses it."""
