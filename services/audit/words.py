"""The audit in words: what its codes are called on screen; the codes themselves stay in the event's text (security.md 6)."""

import tomllib
from pathlib import Path

from models.access import Role
from services.catalogue.subjects import label_of
from services.engine.jobs import JOBS
from services.engine.outbox import ROUTES
from services.engine.registry import ACTIONS, QUERIES

#: What an event's codes, acts, alarms and subjects beside tables are called.
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
EVENTS: dict[str, str] = _WORDS["events"]


def event_label(code: str) -> str:
    """Return the label of an event code, or the code itself."""
    return EVENTS.get(code, code)


def act_label(act: str) -> str:
    """Return what was done, by the name the buttons and jobs carry."""
    known = ACTIONS.get(act) or QUERIES.get(act) or JOBS.get(act)
    if known is not None:
        return known.label
    for names in (_WORDS["acts"], _WORDS["alarms"], EVENTS):
        if act in names:
            return str(names[act])
    steps = (action.label for action in ACTIONS.values() if action.step is not None and action.step.name == act)
    # A message to a partner carries the name the exchange log shows.
    sent = (str(getattr(route, "label", "")) for (_, operation), route in ROUTES.items() if operation == act)
    return next(steps, "") or next(sent, "") or act


def kind_label(kind: str) -> str:
    """Return the label of a table or another subject of events."""
    return label_of(kind, _WORDS["kinds"].get(kind, kind))


def short_object(text: str) -> str:
    """Return a record by its kind and the end of its number, short enough for a list."""
    kind, _, number = text.partition(" ")
    return f"{kind_label(kind)} …{number[-8:]}" if len(number) > 12 else f"{kind_label(kind)} {number}".strip()


def roles_label(roles: str) -> str:
    """Return the labels of roles."""
    known = {str(role): role.label for role in Role}
    return "、".join(known.get(role, role) for role in roles.split(",") if role)
