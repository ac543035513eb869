"""Kept records as sheets: grids, workbooks, papers, attachments, the API."""
