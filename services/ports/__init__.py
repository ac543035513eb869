"""Protocols of the outside systems in our words; integrations fulfil them."""
