"""Limits on what a request may send and how long it may pause, counted while it arrives and not believed from its length."""

import asyncio

from starlette.types import Message, Receive


class BodyRefused(Exception):
    """A body that is not read to its end; `status` is what the sender is answered."""

    status = 400


class BodyTooLarge(BodyRefused):
    """More was sent than this address takes."""

    status = 413


class BodyTooSlow(BodyRefused):
    """The rest of a body was not sent, or the sender is gone."""

    status = 408


#: Seconds a sender may pause between two parts of a body.
PAUSE = 20.0


def limited(receive: Receive, limit: int, pause: float = PAUSE, *, may_leave: bool = False) -> Receive:
    """`receive` that breaks off once more than `limit` bytes came, or when the rest of a body does not come.

    Who asks for something and sends nothing `may_leave`: what is sent to him then ends by itself.
    """
    seen, whole = 0, False

    async def counted() -> Message:
        nonlocal seen, whole
        if whole:
            # What comes now is the end of the connection, which may be long.
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), pause)
        except TimeoutError:
            raise BodyTooSlow from None
        if message["type"] == "http.disconnect" and not may_leave:
            raise BodyTooSlow
        whole = not message.get("more_body", False)
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLarge
        return message

    return counted
