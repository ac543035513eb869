"""Automatic changes of cards: they lapse, are checked every night, and follow their firm (rows 41, 44; decision 29)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import Role
from models.enterprise import Enterprise, RecordState, ServiceState
from models.practitioner_codes import ApplyChannel, ApplyKind, CardEnd, CardPause, CardState, TaskKind, TaskState
from models.practitioners import Brand, CardApply, CardTask, InfoCard, Practitioner
from services.engine.clock import SHANGHAI
from services.engine.door import Door, Gathering
from services.engine.jobs import job, persist, repeated
from services.engine.registry import action
from services.engine.switches import is_on
from services.engine.work import Work
from services.ports.answers import AnswerState
from services.ports.blacklist import MOST_AT_ONCE
from services.practitioners.brands import name_key
from services.practitioners.card_moves import cards_to_follow, follow_firm, live_cards_of, suspend_for_list
from services.practitioners.cards import CardEvent, cancel_card, move_card, withdraw_open
from services.practitioners.facts import Answers
from services.practitioners.identity_checks import ask_all
from services.practitioners.orders import PersonData
from services.practitioners.records import firm_of, of_sound_firm, sound, tell_firm
from services.practitioners.rules import answered
from services.practitioners.tasks import open_task_id, raise_task

#: From this hour of the night on every live card is checked, once a day.
_FROM_HOUR = 2
#: Cards of a firm in one transaction.
_AT_ONCE = 200


# Lapse


@action("practitioners.lapse", "逾期未激活失效", roles={Role.SYSTEM}, event="")
def lapse_cards(work: Work, limit: int) -> int:
    """Let cards lapse that were not activated in time; their holders are free for a new application."""
    last = work.today - timedelta(days=work.thresholds.integer("practitioners.lapse_days"))
    rows = work.free(
        select(InfoCard)
        .where(
            InfoCard.state == CardState.PASSED,
            col(InfoCard.practitioner_id).is_not(None),
            col(InfoCard.issued_on) < last,
            sound(work, InfoCard),
            of_sound_firm(work, InfoCard),
        )
        .order_by(col(InfoCard.id))
        .limit(limit)
    ).all()
    for card in rows:
        move_card(work, card, "lapse", CardEvent.LAPSED)
        body = f"信息卡{card.card_no}超过{work.thresholds.integer('practitioners.lapse_days')}日未激活，已失效。仍需使用的请重新申办。"
        tell_firm(work, card.enterprise_id, "信息卡逾期未激活", body, card)
    return len(rows)


repeated("practitioners.lapse", "信息卡逾期失效", lapse_cards, 200, at="00:40")


# Every live card, every night


def _gather(gathering: Gathering, after: UUID | None) -> dict[UUID, Answers]:
    people = gathering.look(lambda work: _due(work, after))
    thresholds = gathering.thresholds
    compared, listed = is_on(thresholds, "K01"), is_on(thresholds, "K02")
    return ask_all(gathering.systems, people, compared=compared, listed=listed) if people else {}


def _due(work: Work, after: UUID | None) -> dict[UUID, PersonData]:
    rows = work.session.exec(
        select(InfoCard, Practitioner)
        .join(Practitioner, col(Practitioner.id) == col(InfoCard.practitioner_id))
        .where(
            InfoCard.live == 1,
            col(InfoCard.id_no_index).is_not(None),
            or_(col(InfoCard.checked_on).is_(None), col(InfoCard.checked_on) < work.today),
            sound(work, InfoCard, Practitioner),
            of_sound_firm(work, InfoCard),
            *([col(InfoCard.id) > after] if after is not None else []),
        )
        .order_by(col(InfoCard.id))
        .limit(MOST_AT_ONCE)
    ).all()
    return {card.id: PersonData(card.name.plain, holder.id_type, holder.id_no.plain) for card, holder in rows}


@action("practitioners.recheck", "在用信息卡每日核验", roles={Role.SYSTEM}, gather=_gather, event="")
def recheck_cards(work: Work, after: UUID | None, said: dict[UUID, Answers]) -> tuple[int, UUID | None]:
    """Check the next live cards behind `after` that were not checked today; return how many were, and the last of them.

    A hit suspends at once and is put before the district; silence leaves a card as it is, due again.

    That a name and number no longer agree suspends nothing: the district looks into it. What a rule that is switched
    off would have stopped by day (K01, K02) is nothing by night: its system is not asked and waited for.
    """
    rows = work.free(
        select(InfoCard).where(col(InfoCard.id).in_(list(said)), InfoCard.live == 1, sound(work, InfoCard))
    ).all()
    silent = 0
    for card in rows:
        answers = said[card.id]
        if answers.blacklist is not None and not answered(answers.blacklist):
            silent += 1
            continue
        _listed(work, card, answers)
        _compared(work, card, answers)
        if answers.two_factor is None or answered(answers.two_factor):
            card.checked_on = work.today
        else:
            silent += 1
        work.add(card)
    return len(said) - silent, list(said)[-1] if said else None


def _listed(work: Work, card: InfoCard, answers: Answers) -> None:
    entries = answers.blacklist.value if answers.blacklist is not None else ()
    known = _lifted_entries(work, card.id) if entries else ()
    for entry in entries or ():
        since = entry.since.isoformat()
        if not entry.holds(work.today) or (entry.category, since) in known:
            continue
        if open_task_id(work, card.id, TaskKind.BLACKLIST) is None:
            until = entry.until.isoformat() if entry.until else ""
            words = f"名单类别：{entry.category}，列入日期：{since}"
            suspend_for_list(work, card, {"category": entry.category, "since": since, "until": until, "words": words})
        return


def _lifted_entries(work: Work, card_id: UUID) -> set[tuple[str, str]]:
    """Entries the district has looked into and lifted for this card, by category and day; they are no hits any more."""
    rows = work.rows(
        CardTask,
        CardTask.card_id == card_id,
        CardTask.kind == TaskKind.BLACKLIST,
        CardTask.state == TaskState.DONE,
        sound(work, CardTask),
    )
    found = set()
    for task in rows:
        if task.outcome is not None and task.outcome.json().get("outcome") == "lifted" and task.detail is not None:
            detail = task.detail.json()
            found.add((str(detail.get("category", "")), str(detail.get("since", ""))))
    return found


def _compared(work: Work, card: InfoCard, answers: Answers) -> None:
    said = answers.two_factor
    if said is None or not answered(said):
        return
    agrees = said.state is AnswerState.HIT and said.value is not None and said.value.agree
    if not agrees and open_task_id(work, card.id, TaskKind.TWO_FACTOR) is None:
        words = "公安人口库查无此证件号码" if said.missed else "姓名与证件号码不再一致"
        raise_task(work, TaskKind.TWO_FACTOR, card=card, detail={"words": words})


# Every ten minutes, so that a night cut short by a crash or a silent system goes on where it was.
@job("practitioners.recheck", "在用信息卡每日核验", every=600)
def recheck_all(door: Door) -> int:
    if door.clock.now().astimezone(SHANGHAI).hour < _FROM_HOUR:
        return 0
    return recheck_now(door)


def recheck_now(door: Door) -> int:
    """Check every live card not yet checked today; end when no system answers any more."""
    total, after = 0, None
    while True:
        checked, after = persist(door, recheck_cards, after)
        if not checked:
            return total
        total += checked


# With the firm


@action("practitioners.follow_firms", "信息卡随企业状态变动", roles={Role.SYSTEM}, event="")
def follow_firms(work: Work, limit: int) -> int:
    """Cards of firms whose record has ended are cancelled, those of suspended firms suspended, and put back with them.

    Gives how many cards changed; a firm at a time, so that the rest waits for the next round.
    """
    changed = 0
    for firm in work.session.exec(_ended(work).order_by(col(Enterprise.id)).limit(limit)).all():
        changed += _end(work, firm)
    for firm in work.session.exec(_differing(work).order_by(col(Enterprise.id)).limit(limit)).all():
        cards = cards_to_follow(work, firm, _AT_ONCE + 1)
        for card in cards[:_AT_ONCE]:
            follow_firm(work, card, firm)
        changed += len(cards[:_AT_ONCE])
        if len(cards) <= _AT_ONCE:
            suspended = firm.service_state is ServiceState.SUSPENDED
            told = "企业服务暂停，本企业信息卡已同步暂停" if suspended else "企业服务恢复，本企业信息卡已同步恢复"
            tell_firm(work, firm.id, told, f"{told}。", firm)
    for row in [row for rows in _moved(work) for row in work.session.exec(rows.limit(_AT_ONCE)).all()]:
        firm = firm_of(work, row.enterprise_id)
        row.district_code, row.street_code = firm.district_code, firm.street_code
        if isinstance(row, Brand) and row.in_force is not None:
            row.in_force = _name_key(work, row)
            # Of two that move in one round the second has to find the first.
            work.session.flush()
        work.add(row)
        changed += 1
    return changed


def _name_key(work: Work, brand: Brand) -> str:
    """Return the key of a moved firm's short name: none in its old district, its own where the new one has it.

    A moving firm loses no name in force; its next name is judged in the new district.
    """
    key = name_key(brand.district_code, brand.short_name)
    taken = work.first(Brand.id, Brand.in_force == key, Brand.id != brand.id)
    return key if taken is None else f"={brand.enterprise_id.hex[-20:]}"


def _moved(work: Work) -> Iterator[Any]:
    """Selects of what still lies in the district its firm's record has left; a window's cancellation stays where it was."""
    for table, more in (
        (Practitioner, sa.true()),
        (CardApply, CardApply.channel != ApplyChannel.WINDOW),
        (Brand, sa.true()),
    ):
        joined: Any = select(table).join(Enterprise, col(Enterprise.id) == col(table.enterprise_id))
        behind = joined.where(col(table.district_code) != col(Enterprise.district_code), more)
        yield behind.where(sound(work, table, Enterprise)).order_by(col(table.id))


def _ours(work: Work) -> Any:
    """Cards that follow their firm: made here, and not changed past the product."""
    return sa.and_(col(InfoCard.practitioner_id).is_not(None), sound(work, InfoCard))


def _ended(work: Work) -> Any:
    cards = select(InfoCard.enterprise_id).where(InfoCard.live == 1, _ours(work))
    return select(Enterprise).where(
        Enterprise.record_state == RecordState.CANCELLED, col(Enterprise.id).in_(cards), sound(work, Enterprise)
    )


def _differing(work: Work) -> Any:
    ours = _ours(work)
    active = select(InfoCard.enterprise_id).where(InfoCard.state == CardState.ACTIVE, ours)
    paused = select(InfoCard.enterprise_id).where(
        InfoCard.state == CardState.SUSPENDED, InfoCard.pause == CardPause.FIRM, ours
    )
    suspended: Any = col(Enterprise.service_state) == ServiceState.SUSPENDED
    differ: Any = or_(
        sa.and_(suspended, col(Enterprise.id).in_(active)), sa.and_(~suspended, col(Enterprise.id).in_(paused))
    )
    # Cards of a firm whose record has ended are cancelled and follow nothing else.
    return select(Enterprise).where(Enterprise.record_state != RecordState.CANCELLED, differ, sound(work, Enterprise))


def _end(work: Work, firm: Enterprise) -> int:
    cards = live_cards_of(work, firm, _AT_ONCE + 1)
    for card in cards[:_AT_ONCE]:
        cancel_card(work, card, CardEnd.FIRM_ENDED)
    if len(cards) > _AT_ONCE:
        # The rest in the next transaction; the message about all of them follows the last.
        return _AT_ONCE
    applies = select(CardApply).where(
        CardApply.enterprise_id == firm.id, CardApply.kind != ApplyKind.CANCEL, sound(work, CardApply)
    )
    withdraw_open(work, work.session.exec(applies).all())
    words = f"{firm.name}备案已注销，其信息卡已随之注销。"
    raise_task(work, TaskKind.FIRM_ENDED, firm=firm, detail={"words": words})
    tell_firm(work, firm.id, "企业备案已注销，信息卡已注销", words, firm)
    return len(cards)


def _is_behind(work: Work) -> bool:
    """Return whether anything has to follow its firm; no row is read for it, so none is found changed here."""
    return any(
        work.session.exec(rows.with_only_columns(sa.literal(1)).limit(1)).first() is not None
        for rows in (_ended(work), _differing(work), *_moved(work))
    )


repeated("practitioners.follow_firms", "信息卡随企业状态变动", follow_firms, 20, every=120, due=_is_behind)
