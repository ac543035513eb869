"""批量导入: tables of a firm, from the upload to the last committed row (row 42)."""
