"""Pages of privacy: exports with their approval, and who has looked at a person."""
