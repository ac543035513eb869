"""Signing of issued papers: what we ask of the crypto provider, bound once by main.py (security 3.6, s1)."""

from typing import Protocol


class Signature(Protocol):
    """A detached signature: base64 DER and the key that made it."""

    @property
    def sig_b64(self) -> str: ...

    @property
    def kid(self) -> str: ...


class Signer(Protocol):
    """Signs with the document key; may go over the network, so never inside a transaction."""

    def sign(self, data: bytes) -> Signature:
        """The s1 of these bytes under the active key for documents."""
        ...


_bound: Signer | None = None


def bind_signer(signer: Signer) -> None:
    """Make this the signer of papers in this process."""
    global _bound
    _bound = signer


def paper_signer() -> Signer:
    """The signer of papers."""
    if _bound is None:
        raise RuntimeError("no signer is bound: call bind_signer(...) before papers are rendered")
    return _bound
