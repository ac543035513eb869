"""Shell, workspaces, pages and plain public pages."""
