"""个人转租: registration at the counter, alerts in the districts, the city's ranking (row 49)."""
