"""Parties as they are shown on a paper."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A party; the caller has masked the number where it must be masked."""

    name: str
    id_kind: str
    id_no: str


def people(persons: tuple[Person, ...]) -> str:
    """Return the parties, a line for each."""
    return "\n".join(f"{person.name}（{person.id_kind}：{person.id_no}）" for person in persons)
