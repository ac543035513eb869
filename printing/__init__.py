"""Printed papers: page data in, PDF bytes out; no database, no permission, no clock."""
