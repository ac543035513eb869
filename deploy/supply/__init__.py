"""The supply chain: lock, licences, bill of materials, vulnerabilities, gates of a release (security.md 8)."""
