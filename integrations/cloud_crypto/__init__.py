"""Cryptographic services: SM2, the local provider of keys and signatures, and its self-test (security 3)."""
