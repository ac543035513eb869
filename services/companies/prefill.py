"""Filling a company's form from the legal-person library by its credit code (market 2.17)."""

from datetime import datetime
from typing import Any

from models.companies import HolderKind, RegistryStatus
from services.companies.names import code_key
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.kinds import Given, Owner, Prefill
from services.ports.answers import Answer, hit
from services.ports.registry import CompanyProfile, RegisteredHolder
from services.ports.systems import LEGAL_ENTITIES

LIBRARY = "法人库"
_STATUS = {status.label: status for status in RegistryStatus} | {"撤销": RegistryStatus.REVOKED}


def ask_library(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """Return what the library says of a code, as a company's form holds it."""
    uscc = code_key(key)
    asked = together({"profile": (LIBRARY, lambda: gathering.systems.at(LEGAL_ENTITIES).profile_of(uscc))})["profile"]
    if not asked.hit or asked.value is None:
        return Answer(asked.state, LIBRARY, None, asked.at, asked.milliseconds, asked.note)
    return hit(LIBRARY, given(asked.value, asked.at), asked.at, asked.milliseconds)


def given(profile: CompanyProfile, at: datetime | None = None) -> Given:
    """Translate a registered company into our form's values; what the library does not say stays empty."""
    values: dict[str, Any] = {
        "name": profile.name,
        "uscc": profile.uscc,
        "reg_place": profile.address[:120],
        "legal_representative": profile.legal_rep,
        "established_on": profile.established_on,
        "registry_status": _STATUS.get(profile.status),
        "registered_capital": profile.registered_capital,
        "paid_in_capital": profile.paid_in_capital,
        "currency": profile.currency,
    }
    filled = {name: value for name, value in values.items() if value not in {None, ""}}
    return Given(filled, {"shareholders": [_holder(one) for one in profile.holders]}, LIBRARY, at)


def _holder(one: RegisteredHolder) -> dict[str, Any]:
    values: dict[str, Any] = {
        "holder_kind": one.kind if one.kind in HolderKind.labels() else HolderKind.COMPANY,
        "name": one.name,
        "uscc": one.uscc,
        "id_type": one.id_type,
        "id_no": one.id_no,
        "subscribed_amount": one.subscribed,
        "paid_amount": one.paid,
        "ratio": one.ratio,
        "subscribe_due_on": one.due_on,
        "contribution_form": one.form,
    }
    return {name: value for name, value in values.items() if value not in {None, ""}}


LIBRARY_PREFILL = Prefill(label="统一社会信用代码", key="uscc", source=LIBRARY, ask=ask_library)
