"""强制核验（备案）: what the rules stopped is decided by people, and what community service centres accepted (rows 11, 12)."""
