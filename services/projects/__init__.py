"""Projects and their accompanying records (rows 58-62)."""

from services.engine.thresholds import declare_beside

declare_beside(__file__)
