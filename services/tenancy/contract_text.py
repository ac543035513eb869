"""The text of a lease as data: what the parties confirm, its digest, and how it is kept."""

import json
from typing import Any

from pydantic import TypeAdapter

from models.sealing import sm3_hex
from services.tenancy.lease_form import LeaseForm

_FORM: TypeAdapter[LeaseForm] = TypeAdapter(LeaseForm)

#: How a case is handled, not what the parties agree on.
_NOT_TEXT = ("materials", "channel", "applicant", "way", "previous_filing_no")
_NOT_PARTY = ("card_read", "id_valid_to", "born_on")


def form_json(form: LeaseForm) -> dict[str, Any]:
    """The whole form as JSON, for keeping."""
    kept: dict[str, Any] = _FORM.dump_python(form, mode="json")
    kept["materials"] = sorted(form.materials)
    return kept


def form_of(kept: dict[str, Any]) -> LeaseForm:
    """The form back from what was kept."""
    return _FORM.validate_python(kept)


def text_digest(form: LeaseForm) -> str:
    """SM3 over the canonical text: any agreed word changed is another digest (F10)."""
    agreed = {key: value for key, value in form_json(form).items() if key not in _NOT_TEXT}
    for side in ("lessors", "lessees"):
        agreed[side] = [{key: value for key, value in party.items() if key not in _NOT_PARTY} for party in agreed[side]]
    return sm3_hex(json.dumps(agreed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())
