"""The paper a claim was made with, for who is signed in and sees the link."""

from fastapi import APIRouter

from services.engine.door import Door
from services.parcels.proofs import open_proof
from ui.shell.files import file_of, files_router

PROOFS = "/parcels/proof/"


def parcels_router(door: Door) -> APIRouter:
    """`GET /parcels/proof/{link}`; the right is checked and the look audited at the door."""
    return files_router({PROOFS: file_of(door, open_proof)})
