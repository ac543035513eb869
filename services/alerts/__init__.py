"""预警: raised by rules and watches, notified to companies and authority, explained, and ended with their cause
(market 2.16).
"""

from services.engine.thresholds import declare_beside

declare_beside(__file__)
