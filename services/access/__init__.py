"""Accounts, sign-in, sessions, and what an exact match opens for a day."""
