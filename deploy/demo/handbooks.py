"""Handbooks in the demo: of every project in force, compiled and put aside when its stage began (rows 77-79)."""

from deploy.demo.stories import there
from models.handbooks import Handbook
from services.engine.door import Door
from services.handbook.archives import archive_all
from services.handbook.versions import compile_all


def load_handbooks(door: Door) -> None:
    """Compile and archive once, as the night does."""
    if not there(door, Handbook):
        compile_all(door)
        archive_all(door)
