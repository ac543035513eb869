"""Materials as files: downloads with a safe name, shown in a page only when they are clean pictures (H42, H44)."""

from fastapi import APIRouter

from services.documents.attachments import open_attachment
from services.engine.door import Door
from ui.shell.files import file_of, files_router

ATTACHMENTS = "/attachments/"


def attachments_router(door: Door) -> APIRouter:
    """`GET /attachments/{id}`; the right is checked and the look audited at the door."""
    return files_router({ATTACHMENTS: file_of(door, open_attachment)})
