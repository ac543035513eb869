"""公积金中心: mandates, bills and payments of rent from the provident fund."""
