"""预警: raised by rules and watches, notified to companies and authority, explained, and ended with their cause
(market 2.16).
"""
