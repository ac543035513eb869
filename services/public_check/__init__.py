"""The public check of a paper: what the code on it says, and nothing more (decision 32)."""
