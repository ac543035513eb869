"""Users of streets: their links with dates, import of many, changes of streets, users without a link (row 50)."""
