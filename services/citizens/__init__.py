"""Citizens on their own pages: sign-in, drafts, applications and what became of them (rows 3, 4)."""
