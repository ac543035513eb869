"""Certificates of a project, declared in few lines: number, holder and day are checked and filled in one way (PLN-01 to PLN-03)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from models.normal import normal_number
from models.planning import Certificate
from models.progress import MilestoneCode, MilestoneScope
from models.records import Revision
from services.engine.door import Gathering
from services.engine.findings import Rule, Severity
from services.engine.held_keys import holder_of
from services.engine.kinds import (
    Child,
    Dependant,
    Effects,
    Facts,
    Given,
    Kind,
    Look,
    Need,
    Owner,
    Prefill,
    Proposal,
    Slot,
    Stage,
    Ties,
    Values,
)
from services.engine.rule_declaration import Fault, rule
from services.engine.work import Work
from services.parcels.companies import project_company
from services.ports.answers import Answer, AnswerState, hit
from services.ports.permits import PERMITS, SHARING_PLATFORM, Permit
from services.projects.milestones import Shown, show
from services.projects.ownership import PROJECT_NEED, in_force_project, of_project

NOT_YOURS = "证照存在，权利人不一致"
NOT_THIS_PROJECT = "证照登记在其他项目（项目代码不同）名下"
_TAKEN, _OWN, _EARLIER, _PROJECT_CODE = "number_taken", "own_company", "earlier_step", "project_code"
#: `Facts.ask` gives what the keeper of a certificate answers under this name.
PERMIT = "permit"
LookUp = Callable[[Work, Proposal], Mapping[str, Any]]
#: Kinds whose certificates the sharing platform holds, with the field of their number.
HELD_BY_PLATFORM: dict[str, str] = {}


@dataclass(frozen=True)
class Printed:
    """The fields of a certificate that hold its number, its holder and its day, and the usual form of its number."""

    holder: str
    holder_code: str
    number: str = "permit_no"
    day: str = "issued_on"
    form: str = ""
    #: A form that every number has; another is refused.
    must: str = ""
    label: str = "证书编号"
    #: Of a permit that may be held by another the holder is refused instead of warned of (PLN-02).
    holder_severity: Severity = Severity.WARN


@dataclass(frozen=True)
class EarlierStep:
    """The step before a certificate, by its name and its day."""

    label: str
    on: date | None


@dataclass(frozen=True)
class Keeper:
    """The outside system that holds a certificate, by its name and the question for a number."""

    label: str
    permit_of: Callable[[Gathering, str], Answer[Any]]


def platform(kind: str) -> Keeper:
    """Return the city's sharing platform as the keeper of a kind of permit."""
    return Keeper(SHARING_PLATFORM, lambda gathering, number: gathering.systems.at(PERMITS).permit_of(kind, number))


def certificate(
    table: type[Certificate],
    *,
    name: str,
    label: str,
    row: int,
    prefix: str,
    look: Look,
    stage: Stage,
    printed: Printed,
    slots: tuple[Slot, ...],
    children: tuple[Child, ...] = (),
    rules: tuple[Rule[Proposal], ...] = (),
    found: LookUp | None = None,
    earlier: Callable[[Work, Proposal], EarlierStep] | None = None,
    keeper: Keeper | None = None,
    known: Callable[[Work, Owner, Permit], Permit] | None = None,
    needs: tuple[Need, ...] = (),
    dependants: Callable[[Work, Any], Sequence[Dependant]] | None = None,
    effects: Effects = Effects(),
    reaches: Callable[[Any], MilestoneCode] | None = None,
    scope: MilestoneScope = MilestoneScope.PROJECT,
) -> Kind:
    """Declare a certificate of a project: several per project, filled in by its number, its stage settled.

    `found` looks up what its own `rules` need, `earlier` the step that the law puts before it. `keeper` answers for a number
    in place of the sharing platform, `known` puts our own records in place of the numbers that its answer names.
    `reaches` names the milestone that a certificate shows by its day: of its project, or with another `scope` of itself.
    """
    kept_by = keeper or platform(name)
    if keeper is None:
        HELD_BY_PLATFORM[name] = printed.number

    def look_up(work: Work, proposal: Proposal) -> Mapping[str, Any]:
        company = project_company(work, proposal.owner.project_company_id)
        return {
            _TAKEN: holder_of(work, table, "number_key", proposal.values, other_than=proposal.record_id),
            _OWN: (company.name, company.uscc) if company is not None else ("", ""),
            _PROJECT_CODE: _project_code(work, proposal.owner),
            _EARLIER: earlier(work, proposal) if earlier is not None else None,
            **(found(work, proposal) if found is not None else {}),
        }

    def ask(gathering: Gathering, proposal: Proposal) -> Mapping[str, Answer[Any]]:
        number = proposal[printed.number]
        return {PERMIT: kept_by.permit_of(gathering, number)} if number else {}

    def fill(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
        answer = kept_by.permit_of(gathering, key)
        said = answer.value
        if not answer.hit or said is None:
            return Answer(answer.state, answer.source, None, answer.at, answer.milliseconds, answer.note)
        uscc, code = gathering.look(lambda work: (_code(work, owner), _project_code(work, owner)))
        why = "" if said.held_by(uscc) else NOT_YOURS
        if not why and code and said.project_code not in ("", code):
            why = f"{NOT_THIS_PROJECT}，未带入，请核对"
        if why:
            return Answer(AnswerState.MISS, kept_by.label, None, answer.at, answer.milliseconds, why)
        told = said if known is None else gathering.look(lambda work: known(work, owner, said))
        given = Given(told.values, told.lists, kept_by.label, answer.at)
        return hit(kept_by.label, given, answer.at)

    def own_company(work: Work, owner: Owner) -> Values:
        company = project_company(work, owner.project_company_id)
        return {printed.holder: company.name, printed.holder_code: company.uscc} if company is not None else {}

    return Kind(
        name=name,
        label=label,
        row=row,
        prefix=prefix,
        table=table,
        makers=of_project(name, table, several=True, known=own_company),
        look=look,
        children=children,
        slots=slots,
        rules=(*_rules(printed, kept_by), *rules),
        facts=Facts(ask=ask, look=look_up, prefill=Prefill(printed.label, printed.number, kept_by.label, fill)),
        ties=Ties(needs=(PROJECT_NEED, *needs), dependants=dependants),
        effects=effects if reaches is None else _showing(table, effects, printed.day, reaches, scope),
        stage=stage,
    )


def _showing(
    table: type[Certificate],
    effects: Effects,
    day: str,
    reaches: Callable[[Any], MilestoneCode],
    scope: MilestoneScope,
) -> Effects:
    """Add to the effects of a certificate that it shows a milestone; a project's is reached on the day of its first."""

    def of_project(work: Work, row: Any) -> Sequence[Any]:
        rows = work.in_force(table, project=row.project_id)
        return [one for one in rows if reaches(one) is reaches(row)]

    def tell(work: Work, row: Any) -> None:
        code = reaches(row)
        if scope is not MilestoneScope.PROJECT:
            show(work, row, [Shown(scope, row.id, code, getattr(row, day))])
        elif row.project_id is not None:
            first = min(of_project(work, row), key=lambda one: getattr(one, day), default=row)
            show(work, first, [Shown(scope, row.project_id, code, getattr(first, day))])

    def on_effective(work: Work, row: Any, revision: Revision) -> None:
        if effects.on_effective is not None:
            effects.on_effective(work, row, revision)
        work.session.flush()
        tell(work, row)

    def on_void(work: Work, row: Any, revision: Revision) -> None:
        if effects.on_void is not None:
            effects.on_void(work, row, revision)
        show(work, row, ())
        work.session.flush()
        others = [one for one in of_project(work, row) if one.id != row.id]
        if scope is MilestoneScope.PROJECT and others:
            tell(work, others[0])

    return replace(effects, on_effective=on_effective, on_void=on_void)


def permits_named(work: Work, table: type[Any], owner: Owner, numbers: Iterable[str]) -> Sequence[Any]:
    """Return the permits in force of a project that a source names by number; the only one where it names none."""
    rows = work.in_force(table, project=owner.project_id)
    wanted = {normal_number(one) for one in numbers if one}
    return [row for row in rows if (normal_number(row.permit_no) in wanted if wanted else len(rows) == 1)]


def _project_code(work: Work, owner: Owner) -> str:
    project = in_force_project(work, owner.project_id)
    return project.project_code if project is not None else ""


def _code(work: Work, owner: Owner) -> str:
    company = project_company(work, owner.project_company_id)
    return company.uscc if company is not None else ""


def _rules(printed: Printed, keeper: Keeper) -> tuple[Rule[Proposal], ...]:
    @rule("PLN-01", "证书编号格式和唯一", Severity.WARN, "证书编号与通常格式不同，请核对")
    def number_is_usual_and_free(proposal: Proposal) -> Iterator[Fault]:
        number = proposal[printed.number]
        if number and printed.must and not re.fullmatch(printed.must, number):
            yield Fault(printed.number, f"{printed.label}格式不正确，请按证书所载填写", severity=Severity.REFUSE)
        elif number and printed.form and not re.fullmatch(printed.form, number):
            yield Fault(printed.number)
        if proposal.found.get(_TAKEN):
            yield Fault(printed.number, "该编号已有生效记录，请在原记录上更新", severity=Severity.REFUSE)

    @rule("PLN-02", "权利人为本公司", printed.holder_severity, "权利人与本公司不一致")
    def holder_is_the_company(proposal: Proposal) -> Iterator[Fault]:
        own_name, own_code = proposal.found.get(_OWN) or ("", "")
        holder, code = proposal[printed.holder], proposal[printed.holder_code]
        if code and code != own_code:
            yield Fault(printed.holder_code, f"权利人信用代码与本公司（{own_code}）不一致，请核对或说明原因")
        elif holder and holder != own_name:
            yield Fault(printed.holder, f"权利人名称与本公司（{own_name}）不一致，请核对或说明原因")
        answer: Answer[Permit] | None = proposal.answers.get(PERMIT)
        if answer is None or answer.missed:
            return
        if answer.value is None:
            yield Fault(printed.number, f"{keeper.label}暂未应答，证照未核验", severity=Severity.PENDING)
        elif not answer.value.held_by(own_code):
            yield Fault(printed.number, f"{NOT_YOURS}，请核对{printed.label}或说明原因")
        elif answer.value.project_code not in ("", proposal.found.get(_PROJECT_CODE) or answer.value.project_code):
            yield Fault(printed.number, f"{NOT_THIS_PROJECT}，请核对{printed.label}或说明原因")

    @rule("PLN-03", "发证日期", Severity.REFUSE, "发证日期晚于今天，请核对")
    def day_has_come_and_follows(proposal: Proposal) -> Iterator[Fault]:
        on: date | None = proposal[printed.day]
        step: EarlierStep | None = proposal.found.get(_EARLIER)
        if on is not None and on > proposal.today:
            yield Fault(printed.day)
        elif on is not None and step is not None and step.on is not None and on < step.on:
            yield Fault(printed.day, f"早于{step.label}（{step.on}），请核对或说明原因", severity=Severity.WARN)

    return number_is_usual_and_free, holder_is_the_company, day_has_come_and_follows
