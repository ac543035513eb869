"""一网通办: applications of the city's case library as staff see and handle them (rows 1, 2)."""
