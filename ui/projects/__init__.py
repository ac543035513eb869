"""Pages of projects beside their records and the cockpit: changes of project companies (row 62)."""
