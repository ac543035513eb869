"""Proof of the audit: signed checkpoints, copies elsewhere, verification, search, exports (security.md 6)."""
