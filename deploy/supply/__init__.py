"""What the product is made of: lock, licences, bill of materials, known weaknesses, and the gates of a release (security.md 8)."""
