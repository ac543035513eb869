"""一网通办: applications of the city's case library, from the message to the filing number (rows 1-3)."""
