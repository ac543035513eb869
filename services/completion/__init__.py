"""Completion: filing, planning acceptance and delivery permit (rows 72, 73)."""
