"""Proof outside the database: the local evidence sink, the second store of the audit, and the copy to a syslog server."""
