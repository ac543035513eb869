"""Limits of prechecks: how often a person and an address may ask, the question after failures, reports of probing (row 4)."""

import ipaddress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import func
from sqlmodel import col, select

from models.access import Role
from models.normal import half_width
from models.sealing import Sealer
from models.verification import Precheck
from models.verification_codes import PrecheckState
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Gathering
from services.engine.refusals import TooMany
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.predicates import number_of

ALARM = "PRECHECK.PROBING"
_OFTEN = "核验次数过多，已暂停核验。请明日再试，或携带证件到区住房租赁服务中心或街镇社区事务受理服务中心办理"
_DIGITS = "零一二三四五六七八九"


class Asker(Protocol):
    """Key of the limits: the person's number and the network address the person asks from."""

    @property
    def requester_no(self) -> str: ...

    @property
    def address(self) -> str: ...


@dataclass(frozen=True)
class Probing:
    """An address or a person that tries many certificate numbers; `key` names it without telling who it is."""

    key: str
    words: str


@dataclass(frozen=True)
class Question:
    """A sum to be answered before the next check."""

    text: str
    answer: int

    def answered_by(self, typed: str) -> bool:
        """Return whether the typed answer is right, in Arabic or Chinese digits."""
        said = half_width(typed).strip()
        if said.isascii() and said.isdecimal():
            return len(said) < 4 and int(said) == self.answer
        return said == _chinese(self.answer)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones or not tens else "")


def network_of(address: str) -> str:
    """Return the network that counts as one asker: an address of IPv4, a /64 of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address.strip()[:45]
    mapped = getattr(found, "ipv4_mapped", None) or found
    return str(mapped) if mapped.version == 4 else str(ipaddress.ip_network((mapped, 64), strict=False))


def origin_digest(sealer: Sealer, address: str) -> str:
    """Return the digest under which checks from an address are counted; empty where the address is unknown."""
    return sealer.token_digest(f"precheck {network_of(address)}") if address else ""


def _person(work: Work, order: Asker) -> Any:
    number = number_of(order.requester_no)
    return col(Precheck.requester_no_index).in_(work.sealer.indexes("id_no", number) if number else [])


def _probing(work: Work, order: Asker) -> Probing | None:
    """Return who asks too often: an address within the hour, or a person within the day."""
    digest = origin_digest(work.sealer, order.address)
    if digest:
        hour = (Precheck.origin_digest == digest, col(Precheck.checked_at) > work.now - timedelta(hours=1))
        asked = work.session.exec(select(func.count()).select_from(Precheck).where(*hour)).one()
        if asked >= work.thresholds.integer("precheck.address_an_hour"):
            return Probing(digest, f"同一网络地址一小时内核验{asked}次")
    day = (_person(work, order), Precheck.checked_on == work.today)
    asked = work.session.exec(select(func.count()).select_from(Precheck).where(*day)).one()
    if asked >= work.thresholds.integer("precheck.person_a_day"):
        key = work.sealer.indexes("id_no", number_of(order.requester_no))[0]
        return Probing(key, f"同一人员一天内核验{asked}次")
    return None


@action("precheck.tell_probing", "报告试探权属证号", roles={Role.SYSTEM}, event="")
def tell_probing(work: Work, order: Probing) -> None:
    """Raise the alarm of an address or person that tries certificate numbers, or count up the open one."""
    raise_alarm(
        work, ALARM, f"房屋前置核验疑似试探权属证号，已限制：{order.words}", kind="precheck", key=order.key, severity=3
    )


def refuse_probing(gathering: Gathering, order: Asker) -> None:
    """Refuse a check beyond the limits before any register is asked, and report it."""
    found = gathering.look(lambda work: _probing(work, order))
    if found is not None:
        # The alarm names no person; the address is in its audit event.
        gathering.door.perform(tell_probing, replace(SYSTEM, address=order.address), found)
        raise TooMany(_OFTEN)


def question_for(work: Work, order: Asker) -> Question | None:
    """Return the question a person has to answer after failures in a row today; the next check brings another one."""
    states = work.rows(
        Precheck.state, _person(work, order), Precheck.checked_on == work.today, by=col(Precheck.checked_at).desc()
    )
    failed = 0
    for state in states:
        if state is PrecheckState.PASSED:
            break
        failed += state is PrecheckState.FAILED
    if failed < work.thresholds.integer("precheck.question_after"):
        return None
    drawn = work.sealer.token_digest(f"question {number_of(order.requester_no)} {work.today} {len(states)}")
    one, other = int(drawn[:4], 16) % 8 + 2, int(drawn[4:8], 16) % 8 + 2
    return Question(f"{_DIGITS[one]}加{_DIGITS[other]}等于几？", one + other)
