"""Limits on what a request may send, counted while it arrives and not believed from its length."""

from starlette.types import Message, Receive


class BodyTooLarge(Exception):
    """More was sent than this address takes."""


def limited(receive: Receive, limit: int) -> Receive:
    """`receive` that breaks off once more than `limit` bytes came."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLarge
        return message

    return counted
