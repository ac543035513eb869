"""Shared parts of partner packages: a bounded HTTP client, wire types, and the base of the simulators."""
