"""公安人口库: whether a name and a document number belong together."""
