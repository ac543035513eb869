"""The legal-person library's data of a project's company and builders, for forms and rules (rows 60, 61)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from models.companies import GroupCompany
from models.land_codes import LineSource
from services.engine.door import Gathering
from services.engine.kinds import Given, Owner
from services.engine.work import Work
from services.parcels.companies import head_company, project_company
from services.ports.answers import Answer, AnswerState, hit
from services.ports.registry import CompanyProfile
from services.ports.systems import LEGAL_ENTITIES

SOURCE = "法人库"
NOT_YOURS = "只能带入本项目公司的登记信息"
#: `Facts.look` gives the credit code of the project's company under this name.
OWN_CODE = "own_code"


def own_code(work: Work, owner: Owner) -> str:
    """The credit code of the project's company."""
    company = project_company(work, owner.project_company_id)
    return company.uscc if company is not None else ""


def group_codes(work: Work, owner: Owner) -> frozenset[str]:
    """The head company's code and its group's: investors under these are of the own group."""
    head = head_company(work, owner.head_company_id)
    if head is None:
        return frozenset()
    group = work.session.get(GroupCompany, head.group_company_id) if head.group_company_id else None
    return frozenset({head.uscc, *([group.uscc] if group is not None and group.uscc else [])})


def investors_of(profile: CompanyProfile, ours: frozenset[str]) -> list[dict[str, Any]]:
    """The registered holders as lines of the form, each once: their days are not asked for here."""
    return [
        {
            "kind": holder.kind,
            "name": holder.name,
            "uscc": holder.uscc or None,
            "id_no": holder.id_no or None,
            "subscribed_amount": holder.subscribed,
            "paid_amount": holder.paid,
            "ratio": holder.ratio,
            "is_head_group": holder.uscc in ours if holder.uscc else False,
            "source": LineSource.REGISTRY,
        }
        for holder in profile.owners
    ]


def investors_by_code(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """Return the shareholders of the own company; another company's are refused."""
    if key.upper() != gathering.look(lambda work: own_code(work, owner)):
        return Answer(AnswerState.MISS, SOURCE, note=NOT_YOURS)
    answer = gathering.systems.at(LEGAL_ENTITIES).profile_of(key)
    if not answer.hit or answer.value is None:
        return Answer(answer.state, answer.source, None, answer.at, answer.milliseconds, answer.note)
    lines = investors_of(answer.value, gathering.look(lambda work: group_codes(work, owner)))
    values = {"registered_capital": answer.value.registered_capital}
    return hit(SOURCE, Given(values, {"investors": lines}, SOURCE, answer.at), answer.at)


def builder_by_code(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """A builder by its code, as one more line of the list."""
    answer = gathering.systems.at(LEGAL_ENTITIES).entity_of(key.upper())
    if not answer.hit or answer.value is None:
        return Answer(answer.state, answer.source, None, answer.at, answer.milliseconds, answer.note)
    line = {"name": answer.value.name, "uscc": answer.value.uscc, "source": LineSource.REGISTRY}
    return hit(SOURCE, Given({"has_agent": True}, {"builders": [line]}, SOURCE, answer.at), answer.at)


def changes_since(told: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return registry changes since the draft was filled: holders added, removed, or with another ratio.

    Persons appear only as a number of changes, because a finding has more readers than the form.
    """
    before, after = _by_holder(told), _by_holder(now)
    said = []
    for key in after.keys() - before.keys():
        said.append(f"新增股东{_who(key)}")
    for key in before.keys() - after.keys():
        said.append(f"股东{_who(key)}已退出")
    for key in after.keys() & before.keys():
        if before[key] != after[key]:
            said.append(f"股东{_who(key)}出资比例由{before[key]}%变为{after[key]}%")
    return sorted(said)


def _by_holder(lines: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    return {
        (
            str(line.get("uscc") or ""),
            str(line.get("name") or ""),
        ): f"{Decimal(str(line.get('ratio') or 0)).normalize():f}"
        for line in lines
    }


def _who(key: tuple[str, str]) -> str:
    return f"“{key[1]}”" if key[0] else "（自然人或境外主体）"
