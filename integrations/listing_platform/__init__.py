"""Information platforms that publish homes: verification on behalf, codes, the daily list of ended ones (row 32)."""
