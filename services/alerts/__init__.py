"""预警: raised by rules and watches, notified, explained, and ended with their cause (market 2.16)."""
