"""项目投资企业 (row 60): the registered shareholders, checked and completed by the project company."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from models.companies import HolderKind
from models.identity import check_document, check_id_number
from models.land_codes import ProjectStage
from models.projects import InvestorLine, ProjectInvestors
from models.records import Revision
from services.engine.cycle import kept
from services.engine.door import Gathering
from services.engine.findings import Severity
from services.engine.kinds import Child, Effects, Facts, Kind, Look, Prefill, Proposal, Slot, Stage, Ties, Values
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, MISSING, shown, total
from services.engine.work import Work
from services.ports.answers import Answer
from services.ports.systems import LEGAL_ENTITIES
from services.projects.list_names import list_in_force, project_title
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.sources import OWN_CODE, SOURCE, changes_since, investors_by_code, investors_of, own_code

RATIO_TOLERANCE, SUBSCRIBED_TOLERANCE = "projects.ratio_tolerance", "projects.subscribed_tolerance"
_PROFILE = "profile"
_HUNDRED = Decimal(100)
#: Countries as people write it of a Chinese investor; no country is one.
_CHINA = frozenset({"", "中国", "中华人民共和国"})
#: Documents of persons (D-IDTYPE) by whether they are foreigners.
_DOCUMENTS = {False: ("11", "21", "23", "25"), True: ("31", "32")}


#: What the registry changed since the draft was filled from it; whether it did not say.
REGISTRY_CHANGED, REGISTRY_SILENT = "registry_changed", "registry_silent"


@rule(MISSING, "投资方信息齐全", Severity.REFUSE, "请补全投资方信息")
def investors_are_named(listed: Proposal) -> Iterator[Fault]:
    if not listed.lines("investors"):
        yield Fault("investors", "请至少填写一个投资方")
    for number, line in enumerate(listed.lines("investors"), 1):
        yield from _named(line, f"investors.{number}.")


def _named(line: Values, place: str) -> Iterator[Fault]:
    kind = line.get("kind")
    if kind is HolderKind.COMPANY and not line.get("uscc"):
        yield Fault(place + "uscc", "境内企业请填写信用代码")
    if kind is HolderKind.FOREIGN and not line.get("foreign_id") and not line.get("uscc"):
        yield Fault(place + "foreign_id", "境外投资方没有信用代码的，请填写境外登记号")
    if kind is HolderKind.FOREIGN and not line.get("country"):
        yield Fault(place + "country", "境外投资方请填写国家或地区")
    if kind is HolderKind.PERSON and not line.get("id_no"):
        yield Fault(place + "id_no", "自然人请填写证件号码")


def _document_problem(line: Values, today: date) -> str:
    """Return what is wrong with a person's number: it has to be one of a document of his country (decision 4)."""
    number, country = line.get("id_no") or "", (line.get("country") or "").strip()
    foreign = country not in _CHINA
    if not number or any(not check_document(kind, number, today=today).problem for kind in _DOCUMENTS[foreign]):
        return ""
    if not foreign and number.isascii() and (number[:-1].isdecimal() or number.isdecimal()):
        found = check_id_number(number, today=today).problem
        return found.sentence if found else ""
    if foreign:
        return "外国投资人应填写护照或外国人永久居留身份证号码，请按证件原样填写"
    return "应为居民身份证、港澳居民来往内地通行证、台湾居民来往大陆通行证或港澳台居民居住证号码；外国人请填写国家"


@rule(FORMAT, "投资方号码", Severity.REFUSE, "号码不正确")
def investors_are_well_formed(listed: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(listed.lines("investors"), 1):
        if line.get("kind") is HolderKind.PERSON and (problem := _document_problem(line, listed.today)):
            yield Fault(f"investors.{number}.id_no", problem)


@rule(FORMAT, "同一投资方只填一行", Severity.REFUSE, "同一投资方填写了多行，请合并")
def investors_stand_once(listed: Proposal) -> Iterator[Fault]:
    """Investors are listed once by code or number; a repeated name and code is found by the list's key."""
    for name, label in (("uscc", "信用代码"), ("foreign_id", "境外登记号"), ("id_no", "证件号码")):
        first: dict[str, tuple[int, Values]] = {}
        for number, line in enumerate(listed.lines("investors"), 1):
            value = line.get(name)
            if not value:
                continue
            before, other = first.setdefault(value.upper(), (number, line))
            told_already = name == "uscc" and line.get("name") == other.get("name")
            if before != number and not told_already:
                told = f"第{number}行与第{before}行的{label}相同，请合并为一行"
                yield Fault(f"investors.{number}.{name}", told)


@rule("PRJ-12", "出资比例合计为100%", Severity.REFUSE, "出资比例合计不为100%")
def ratios_make_a_whole(listed: Proposal) -> Iterator[Fault]:
    lines = listed.lines("investors")
    if not lines or any(line.get("ratio") is None for line in lines):
        return
    whole = total(lines, "ratio")
    if abs(whole - _HUNDRED) > listed.thresholds.decimal(RATIO_TOLERANCE):
        yield Fault("investors", f"各投资方出资比例合计{shown(whole)}%，应为100%", evidence={"sum": whole})


@rule("PRJ-12", "投资方不是项目公司自己", Severity.REFUSE, "项目公司不能是自己的投资方")
def nobody_invests_in_himself(listed: Proposal) -> Iterator[Fault]:
    own = listed.found.get(OWN_CODE)
    for number, line in enumerate(listed.lines("investors"), 1):
        if own and line.get("uscc") == own:
            yield Fault(f"investors.{number}.uscc", "投资方与项目公司的信用代码相同，项目公司不能是自己的投资方")


@rule("PRJ-12", "认缴合计等于注册资本", Severity.WARN, "认缴金额合计与注册资本不符")
def subscribed_is_the_capital(listed: Proposal) -> Iterator[Fault]:
    lines, capital = listed.lines("investors"), listed["registered_capital"]
    if not lines or capital is None or any(line.get("subscribed_amount") is None for line in lines):
        return
    whole = total(lines, "subscribed_amount")
    if abs(whole - capital) > listed.thresholds.decimal(SUBSCRIBED_TOLERANCE):
        yield Fault(
            "registered_capital",
            f"各投资方认缴合计{shown(whole)}元，注册资本{shown(capital)}元，相差{shown(abs(whole - capital))}元",
            evidence={"sum": whole, "capital": capital},
        )


@rule("SUB-08", "登记信息未变化", Severity.WARN, "登记信息已变化，请重新带入核对", source="法人库")
def registry_is_as_it_was(listed: Proposal) -> Iterator[Fault]:
    for told in listed.found.get(REGISTRY_CHANGED) or ():
        yield Fault("investors", f"登记信息已变化：{told}。请重新带入核对，自行填写的内容会保留")
    if listed.found.get(REGISTRY_SILENT):
        told = "法人库暂时没有应答，登记信息是否变化未核验，系统将在审核时再次核对"
        yield Fault("investors", told, severity=Severity.PENDING)


def ask(gathering: Gathering, listed: Proposal) -> Mapping[str, Answer[Any]]:
    """Return what the registry says of the project's company now."""
    code = gathering.look(lambda work: own_code(work, listed.owner))
    return {_PROFILE: gathering.systems.at(LEGAL_ENTITIES).profile_of(code)} if code else {}


def look(work: Work, listed: Proposal) -> Mapping[str, Any]:
    """The company's own code, and what the registry changed since the open version was filled from it."""
    now, told = listed.answers.get(_PROFILE), _told(work, listed)
    silent = now is not None and not now.hit and not now.missed
    changed = changes_since(told, investors_of(now.value, frozenset())) if told and now and now.value else []
    return {
        OWN_CODE: own_code(work, listed.owner),
        REGISTRY_CHANGED: changed,
        # What was typed by hand is compared with nothing.
        REGISTRY_SILENT: silent and bool(told),
    }


def _told(work: Work, listed: Proposal) -> list[Any]:
    """The holders the registry gave when the open version was filled."""
    row = work.first(Revision, Revision.open_key == str(listed.record_id))
    if row is None or row.source_snapshot is None:
        return []
    return row.source_snapshot.json().get("children", {}).get("investors") or []


PROJECT_INVESTORS = kept(
    Kind(
        name="project_investors",
        label="项目投资企业",
        row=60,
        prefix="XT",
        table=ProjectInvestors,
        makers=of_project("project_investors", ProjectInvestors),
        look=Look(
            title="project_name",
            menu="projects",
            grid=("project_name", "registered_capital", "note"),
            filters=("registered_capital",),
            change="更正",
            purpose="核对项目投资主体与出资情况",
            titled=project_title,
        ),
        children=(Child("investors", "投资方", InvestorLine, ("uscc", "name"), 200),),
        slots=(Slot("articles", "公司章程或出资证明"),),
        rules=rules_in(vars()),
        facts=Facts(ask=ask, look=look, prefill=Prefill("项目公司信用代码", "uscc", SOURCE, investors_by_code)),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.LAND),
        effects=Effects(on_effective=list_in_force),
    )
)
