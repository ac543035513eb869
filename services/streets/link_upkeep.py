"""Upkeep of links by the system: states that follow the dates, and links for grants made before there were links (row 50)."""

from uuid import UUID

from sqlmodel import col, select

from models.access import AccountRole, Role
from models.streets import LINK, LinkState, StreetLink, state_on
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.streets.links import link_by_grant


@action("streets.adopt", "为已授岗位补建街镇关联", roles={Role.SYSTEM}, event="")
def adopt_grants(work: Work, order: None) -> int:
    """Link users who were granted a street before there were links; a user who ever had a link is left alone."""
    linked = select(StreetLink.account_id)
    grants = work.rows(
        AccountRole,
        AccountRole.role == Role.STREET_CLERK,
        col(AccountRole.ended_at).is_(None),
        col(AccountRole.account_id).not_in(linked),
        by=AccountRole.id,
    )
    return sum(link_by_grant(work, grant) is not None for grant in grants)


@action("streets.turn", "街镇关联到期与生效", roles={Role.SYSTEM}, event="")
def turn_link(work: Work, link_id: UUID) -> None:
    """Let the state of a link follow its dates; they counted from midnight on already."""
    link = work.hold(StreetLink, link_id)
    state = state_on(work.today, link.valid_from, link.valid_to)
    if state is LinkState.ENDED and link.state is not LinkState.ENDED:
        take_step(work, link, LINK, "end", reason="到期")
        link.ended_at, link.end_reason = work.now, "到期"
    elif state is LinkState.ACTIVE and link.state is LinkState.PENDING:
        take_step(work, link, LINK, "begin")


def _to_turn(work: Work) -> list[UUID]:
    pending = work.rows(StreetLink.id, StreetLink.state == LinkState.PENDING, col(StreetLink.valid_from) <= work.today)
    over = work.rows(StreetLink.id, StreetLink.state != LinkState.ENDED, col(StreetLink.valid_to) < work.today)
    return sorted({*pending, *over})


@job("streets.turn", "街镇关联每日到期与生效", at="00:05")
def turn_all(door: Door) -> int:
    """Turn the links whose days began or ended."""
    links = door.look(SYSTEM, _to_turn)
    for link_id in links:
        door.perform(turn_link, SYSTEM, link_id)
    return len(links)
