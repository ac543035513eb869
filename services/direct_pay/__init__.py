"""公积金直付房租: mandates, bills, results and terminations between fund, firms and us (rows 15-23)."""
