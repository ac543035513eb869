"""Pages of backups, hosts, background tasks and retention."""
