"""The web socket of a page: a stranger's frames end the socket and leave no error of the product's own in the log."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

#: Close code of RFC 6455, 7.4.1: a text that is not UTF-8.
BAD_TEXT = 1007


class PageSocket(WebSocketsSansIOProtocol):
    """uvicorn's web socket, which may also end on a text that is not UTF-8 in the same packet as a closing frame.

    The library answers such a text with a closing frame of its own, which the protocol refuses once the stranger has
    closed (seen in uvicorn 0.54); without this class that refusal reaches the event loop as a fatal error.
    """

    def data_received(self, data: bytes) -> None:
        """Handle the bytes of one packet."""
        try:
            super().data_received(data)
        except InvalidState:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": BAD_TEXT})
            self.close_sent = True
            self.transport.close()
