"""Public pages: plain server-rendered Chinese pages without sign-in."""
