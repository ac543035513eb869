"""Numbers as partner systems read them: the document type of a number, and the bare number of a room."""

import re

from models.normal import normal_id_no
from models.tenancy_codes import IdType


def normal_room(text: str) -> str:
    """A room number without the word for room."""
    return normal_id_no(text).removesuffix("室")


def document_kind(number: str) -> str:
    """The usual kind of document a number of this form belongs to; registers keep it, our tables do not."""
    if re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        residence = number[:2] in ("81", "82", "83")
        return str(IdType.HMT_RESIDENCE if residence else IdType.ID_CARD)
    if re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", number):
        return str(IdType.LICENCE)
    if re.fullmatch(r"[HM]\d{8}", number, re.ASCII):
        return str(IdType.HM_PERMIT)
    if re.fullmatch(r"\d{8}", number, re.ASCII):
        return str(IdType.TW_PERMIT)
    return str(IdType.ID_CARD)
