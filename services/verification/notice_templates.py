"""通知书模板 (row 25): the city edits the words of the verification notice in versions; only a sound one is published."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.normal import BadText, clean_text
from models.verification import NoticeTemplate
from models.verification_codes import TEMPLATE, TemplateState
from printing.page import Issue
from printing.verification_notice import FailedRule, VerificationNotice, Window
from services.access.visibility import CITY
from services.documents.forms import preview
from services.engine.actor_names import person
from services.engine.callers import Caller
from services.engine.copied import copy_of
from services.engine.door import Door
from services.engine.findings import Finding
from services.engine.listings import Column, Listing, choice, listed
from services.engine.refusals import Conflict, Rejected
from services.engine.registry import Step, action, query
from services.engine.steps import take_step
from services.engine.work import Work

EDITORS = {Role.CITY_CENTER}
#: The paper these words are of.
PAPER = "VERIFICATION_RESULT"
HOTLINE = "962269"
#: What a template may name, with what it is filled by in a preview.
VARIABLES: Mapping[str, str] = {
    "申请人": "上海某某住房租赁有限公司",
    "房屋坐落": "上海市浦东新区花木路1号501室",
    "核验时间": "2026-06-30 10:00",
    "核验结果": "不通过",
    "原因数": "2",
    "受理窗口": "浦东新区住房租赁服务中心",
    "咨询电话": HOTLINE,
}
#: What no notice may leave out.
REQUIRED = ("申请人", "核验结果", "咨询电话")
#: The words until the city publishes its own, version 0. The first line opens the notice, each further line is a note.
FIRST_BODY = (
    "{申请人}：您申请核验的房源“{房屋坐落}”，已于{核验时间}完成核验，结果为{核验结果}，特此通知。\n"
    "未通过的，请按所列处理办法处理后重新申请；标明“可以申请”的原因，由权利人携带材料到{受理窗口}申请强制核验，"
    "受理后3个工作日内办结。\n"
    "本通知书记载的是核验时的情况，只列明未通过的原因，不提供他人的登记信息。\n"
    "对核验结果有疑问的，请拨打{咨询电话}。"
)
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_LONGEST = 4_000


def problems_of(body: str) -> list[Finding]:
    """Return everything that keeps a text from being published."""
    return [Finding("TPL", words, "body") for words in _problems(body)]


def _problems(body: str) -> Iterator[str]:
    if not body.strip():
        yield "正文不能为空"
        return
    named = _VARIABLE.findall(body)
    if re.search(r"[{}]", _VARIABLE.sub("", body)):
        yield "大括号没有成对，请检查变量的写法，例如{申请人}"
    for name in dict.fromkeys(one for one in named if one not in VARIABLES):
        yield f"没有“{name}”这个变量，可以使用的变量为：{'、'.join(VARIABLES)}"
    for name in REQUIRED:
        if name not in named:
            yield f"正文缺少变量{{{name}}}"


def filled(body: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The opening and the notes of a notice; a value is put in as it is, whatever signs it has."""
    text = _VARIABLE.sub(lambda found: values.get(found[1], ""), body)
    opening, *notes = [line.strip() for line in text.splitlines() if line.strip()]
    return opening, tuple(notes)


@dataclass(frozen=True)
class Words:
    """The template in force: its version, 0 for the words of the product itself."""

    id: UUID | None
    version_no: int
    body: str


def words_in_force(work: Work) -> Words:
    """Return the published template."""
    row = work.session.exec(
        select(NoticeTemplate).where(NoticeTemplate.paper == PAPER, NoticeTemplate.state == TemplateState.PUBLISHED)
    ).first()
    return Words(None, 0, FIRST_BODY) if row is None else Words(row.id, row.version_no, row.body)


# ------------------------------------------------------------------ editing


@action("templates.begin", "修改通知书模板", roles=EDITORS, event="DATA.CREATE")
def begin_template(work: Work, order: None) -> UUID:
    """Begin the next version with the words in force; there is one draft at a time."""
    draft = work.session.exec(
        select(NoticeTemplate).where(NoticeTemplate.paper == PAPER, NoticeTemplate.state == TemplateState.DRAFT)
    ).first()
    if draft is not None:
        raise Conflict(f"第{draft.version_no}版草稿正在修改，请继续修改或者先作废该草稿")
    last = (
        select(NoticeTemplate.version_no)
        .where(NoticeTemplate.paper == PAPER)
        .order_by(col(NoticeTemplate.version_no).desc())
    )
    words = words_in_force(work)
    row = NoticeTemplate(
        version_no=(work.session.exec(last).first() or 0) + 1, body=words.body, based_on=words.version_no
    )
    work.add(row)
    work.trail.tell("DATA.CREATE", "templates.begin", about=row)
    return row.id


@dataclass(frozen=True)
class SaveTemplate:
    """`version` is the one the page loaded: of two editors the second loses nothing and reads who was first."""

    template_id: UUID
    version: int
    body: str
    note: str = ""


@action("templates.save", "保存通知书模板", roles=EDITORS, step=Step(TEMPLATE, "edit"), event="DATA.UPDATE")
def save_template(work: Work, order: SaveTemplate) -> int:
    """Keep the words of a draft, sound or not."""
    row = _held(work, order.template_id, order.version)
    if TEMPLATE.after("edit", row.state) is None:
        raise Conflict(f"第{row.version_no}版{row.state.label}，不能再修改，请另起新版")
    try:
        row.body = clean_text(order.body, _LONGEST, multiline=True)
        row.note = clean_text(order.note, 200)
    except BadText as problem:
        raise Rejected(problem.sentence) from problem
    row.updated_at, row.updated_by = work.now, work.caller.account_id
    work.add(row)
    work.session.flush()
    return row.version


@dataclass(frozen=True)
class OneTemplate:
    template_id: UUID
    version: int


@action("templates.publish", "启用通知书模板", roles=EDITORS, step=Step(TEMPLATE, "publish"))
def publish_template(work: Work, order: OneTemplate) -> None:
    """Put a version in force, or say everything that is wrong with it; notices issued keep the version they have."""
    row = _held(work, order.template_id, order.version)
    if problems := problems_of(row.body):
        raise Rejected("模板不能启用：" + "；".join(one.message for one in problems), problems)
    for before in work.held(
        select(NoticeTemplate).where(NoticeTemplate.paper == PAPER, NoticeTemplate.state == TemplateState.PUBLISHED)
    ).all():
        take_step(work, before, TEMPLATE, "retire", act="templates.retire")
    take_step(work, row, TEMPLATE, "publish", act="templates.publish")
    row.published_at, row.published_by = work.now, work.caller.account_id
    work.add(row)


@action("templates.drop", "作废模板草稿", roles=EDITORS, step=Step(TEMPLATE, "drop"))
def drop_template(work: Work, order: OneTemplate) -> None:
    """Give a draft up; its number is not used again."""
    take_step(work, _held(work, order.template_id, order.version), TEMPLATE, "drop", act="templates.drop")


def _held(work: Work, template_id: UUID, version: int) -> NoticeTemplate:
    row: NoticeTemplate = work.hold(NoticeTemplate, template_id)
    if row.version != version:
        who = person(work, row.updated_by or row.created_by)
        raise Conflict(f"{who}已修改过第{row.version_no}版，您填写的内容没有保存也没有丢失，请对照最新内容后再保存")
    return row


# ------------------------------------------------------------------ showing


@dataclass(frozen=True)
class TemplateView:
    """A version with what is wrong with it."""

    id: UUID
    version_no: int
    version: int
    state: TemplateState
    body: str
    note: str
    based_on: int
    published_at: datetime | None
    problems: tuple[str, ...]


@query("templates.view", "查看通知书模板", roles=CITY)
def view_template(work: Work, template_id: UUID) -> TemplateView:
    """Return a version."""
    row = work.get(NoticeTemplate, template_id)
    return copy_of(TemplateView, row, problems=tuple(_problems(row.body)))


TEMPLATES = listed(
    Listing(
        name="notice_templates",
        label="通知书模板",
        roles=CITY,
        table=NoticeTemplate,
        columns=(
            Column("version_no", "版次", sortable=True, number=True, width=60),
            Column("state", "状态", sortable=True, width=90),
            Column("note", "修改内容"),
            Column("based_on", "依据版次", number=True, width=80),
            Column("updated_at", "最近修改", sortable=True, width=126),
            Column("published_at", "启用时间", sortable=True, width=126),
        ),
        filters=(choice("state", "状态", NoticeTemplate.state, TemplateState),),
        sort="-version_no",
        also=("version",),
        empty="还没有修改过模板，正在使用系统内置的文字（第0版）",
    )
)


def template_preview(door: Door, caller: Caller, template_id: UUID) -> bytes:
    """A notice with made-up particulars in the words of a version, watermarked."""
    view = door.ask(view_template, caller, template_id)
    opening, notes = filled(view.body or " ", VARIABLES) if view.body.strip() else ("", ())
    page = VerificationNotice(
        issue=Issue(number="样张", unit=VARIABLES["受理窗口"], issued_on=door.clock.today()),
        verify_no="HY3101152606300000001",
        result=VARIABLES["核验结果"],
        applicant=VARIABLES["申请人"],
        address=VARIABLES["房屋坐落"],
        proof_kind="不动产权证",
        proof_no="沪(2018)浦字不动产权第******号",
        checked_at=VARIABLES["核验时间"],
        template=f"第{view.version_no}版",
        code_no="",
        valid="",
        opening_words=opening,
        closing_words=notes,
        reasons=(
            FailedRule("H02", "出租人与登记的权利人不一致", "请核对权利人姓名和证件号码", "可以申请"),
            FailedRule("V05", "请填写权利人联系方式", "补充后重新申请", "—"),
        ),
        windows=(Window(VARIABLES["受理窗口"], "浦东新区世纪大道5号", "021-00000105", "周一至周五 9:00—17:00"),),
    )
    return preview(page, clerk=f"{caller.unit_name} {caller.name}".strip(), at=door.clock.now())
