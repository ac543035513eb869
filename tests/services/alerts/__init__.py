"""Alerts: raised, answered, sent up, settled, printed."""
