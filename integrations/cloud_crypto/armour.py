"""Certificates, revocation lists and keys as people mail them: in PEM armour, in bare base64, or as DER."""

import base64
import binascii

from asn1crypto import pem as library


def pem(label: str, der: bytes) -> str:
    """Return DER in armour."""
    armoured: bytes = library.armor(label, der)
    return armoured.decode()


def unarmoured(content: bytes, label: str) -> bytes:
    """Return the DER in a PEM, bare base64 or DER file; empty when it is none of them."""
    # No base64 of DER begins with the digit that this byte, of a SEQUENCE, is.
    if content[:1] == b"\x30":
        return content
    try:
        if library.detect(content):
            found: bytes = next((der for name, _, der in library.unarmor(content, multiple=True) if name == label), b"")
            return found
        return base64.b64decode(b"".join(content.split()), validate=True)
    except (ValueError, binascii.Error):
        return b""
