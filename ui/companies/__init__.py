"""Pages of companies: the directory, a company's page, what both sides agree on, accounts."""
