"""民政: what community service centres accepted, handed over as it happens; and the records a reviewer may ask (row 12)."""
