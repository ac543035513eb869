"""Pages of alerts and of the monitoring of companies."""
