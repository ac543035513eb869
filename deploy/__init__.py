"""Set-up, data and upkeep of an installation; nothing here is imported by the product."""
