"""电子证照库: which materials it holds for a person, and the certificates of filings it is handed."""
