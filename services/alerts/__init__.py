"""预警: raised by rules and watches, told to companies and authority, explained, and ended when their cause is gone (market 2.16)."""
