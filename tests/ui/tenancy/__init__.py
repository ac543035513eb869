"""Pages of lease filing, in front of a small counter."""
