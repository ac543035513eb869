"""People who keep estates, and the worker that brings their tables in, in few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from typing import Any
from uuid import UUID

import openpyxl
from sqlmodel import col, select

from models.columns import new_id
from models.dialect import bulk_insert
from models.imports import ImportedLine
from models.records import InForceState, Revision, RevisionState
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.callers import Caller
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Decide, RevisionView, Save, Submit
from services.engine.kind_listing import list_of
from services.engine.kinds import KINDS
from services.engine.listings import Line, ListPage, ListRows
from services.engine.paging import Paging
from services.engine.work import Work
from services.imports.commit_run import commit_session
from services.imports.jobs import work_through
from services.imports.lines import row_of
from services.imports.listings import view_session
from services.imports.uploads import UploadTable, upload_table
from tests.market import Market
from tests.services.records.estate import Estate, Ring
from tests.world import in_order, sealer

MAKER, RIVAL, REVIEWER = "shenpu01", "jianghai01", "pdshen01"
_NUMBERS = count(1)


def a_name(word: str = "小区") -> str:
    """A name nobody else in this run has."""
    return f"{word}{next(_NUMBERS)}号"


def workbook(heads: Sequence[str], rows: Sequence[Any], **more: Sequence[Any]) -> bytes:
    """A workbook as somebody fills it; `more` are further sheets by name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    for name, lines in more.items():
        other = book.create_sheet(name)
        for line in lines:
            other.append(list(line))
    whole = BytesIO()
    book.save(whole)
    return whole.getvalue()


def read_back(content: bytes, sheet: int = 0) -> list[list[Any]]:
    """The rows of a sheet of a workbook of ours."""
    book = openpyxl.load_workbook(BytesIO(content))
    return [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]


def rows_asked(
    text: str = "", filters: Mapping[str, Any] | None = None, sort: str = "", page: int = 1, size: int = 50
) -> ListRows:
    """A page of a kind's list: several values of a filter as a list, two bounds as a tuple."""
    words = {"text": text}
    for name, wanted in (filters or {}).items():
        if isinstance(wanted, tuple):
            words |= {f"{name}-{end}": str(bound) for end, bound in zip(("from", "to"), wanted, strict=True)}
        else:
            words[name] = "|".join(wanted) if isinstance(wanted, list) else "" if wanted is None else str(wanted)
    return ListRows(words, Paging(page, size, sort))


@dataclass
class Desk:
    market: Market

    def who(self, login: str) -> Caller:
        return self.market.caller(login)

    def do(self, what: Any, order: Any, login: str = MAKER) -> Any:
        return self.market.world.door.perform(what, self.who(login), order)

    def ask(self, what: Any, order: Any = None, login: str = MAKER) -> Any:
        return self.market.world.door.ask(what, self.who(login), order)

    def read(self, handler: Any) -> Any:
        return self.market.world.read(handler)

    # Estates

    def begun(self, login: str = MAKER, kind: str = "made_estate", **values: Any) -> Begun:
        begun: Begun = self.do(acts(kind).begin, Begin(values={"name": a_name(), "ring": "INNER", **values}), login)
        return begun

    def saved(
        self,
        begun: Begun,
        values: Mapping[str, Any],
        children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        files: Mapping[str, Sequence[UUID]] | None = None,
        login: str = MAKER,
    ) -> None:
        version = self.view(begun.revision_id, login).version
        order = Save(begun.revision_id, version, values, children or {}, files or {})
        self.do(acts("made_estate").save, order, login)

    def effective(self, children: Mapping[str, Any] | None = None, login: str = MAKER, **values: Any) -> Estate:
        """An estate in force."""
        begun = self.begun(login)
        whole = {"name": a_name(), "ring": "INNER", **values}
        self.saved(begun, whole, children or {}, login=login)
        self.submit(begun.revision_id, login)
        self.approve(begun.revision_id)
        return self.estate(begun.record_id)

    def submit(self, revision_id: UUID, login: str = MAKER) -> None:
        self.do(acts("made_estate").submit, Submit(revision_id, self.view(revision_id, login).version), login)

    def approve(self, revision_id: UUID) -> None:
        order = Decide(revision_id, self.view(revision_id, REVIEWER).version, "材料齐全，同意")
        self.do(acts("made_estate").approve, order, REVIEWER)

    def view(self, revision_id: UUID, login: str = MAKER) -> RevisionView:
        view: RevisionView = self.ask(acts("made_estate").revision, revision_id, login)
        return view

    def page(self, login: str = MAKER, **order: Any) -> ListPage:
        page: ListPage = self.ask(list_of(KINDS["made_estate"]).query, rows_asked(**order), login)
        return page

    def estate(self, record_id: UUID) -> Estate:
        found: Estate = self.read(lambda work: work.session.exec(select(Estate).where(Estate.id == record_id)).one())
        return found

    def estates(self) -> list[Estate]:
        found: list[Estate] = self.read(lambda work: work.session.exec(select(Estate).order_by(in_order(Estate))).all())
        return found

    def versions(self, record_id: UUID) -> list[Revision]:
        wanted = select(Revision).where(Revision.record_id == record_id).order_by(col(Revision.version_no))
        found: list[Revision] = self.read(lambda work: work.session.exec(wanted).all())
        return found

    def drafts(self) -> list[Revision]:
        wanted = select(Revision).where(Revision.kind == "made_estate", Revision.state == RevisionState.DRAFT)
        found: list[Revision] = self.read(lambda work: work.session.exec(wanted.order_by(in_order(Revision))).all())
        return found

    def load(self, rows: Sequence[Mapping[str, Any]], head: UUID | None = None) -> list[UUID]:
        """Many estates in force at once, past the cycle."""
        ids = [new_id() for _ in rows]

        def put(work: Work) -> None:
            table = Estate.__table__  # type: ignore[attr-defined]
            lines = [self._line(row_id, work, row, head) for row_id, row in zip(ids, rows, strict=True)]
            bulk_insert(work.session, table, seal_rows(sealer(), table, lines))

        self.market.world.act(put)
        return ids

    def _line(self, row_id: UUID, work: Work, row: Mapping[str, Any], head: UUID | None) -> dict[str, Any]:
        line: dict[str, Any] = {column.name: None for column in Estate.__table__.columns}  # type: ignore[attr-defined]
        line |= {
            "id": row_id,
            "created_at": work.now,
            "updated_at": work.now,
            "version": 1,
            "record_no": f"ES990000270301{next(_NUMBERS):06d}0",
            "version_no": 1,
            "in_force": InForceState.EFFECTIVE,
            "revision_id": new_id(),
            "effective_from": work.now,
            "district_code": "310115",
            "head_company_id": head or self.market.shenpu,
            "name": a_name(),
            "ring": Ring.INNER,
            "note": "",
        }
        line |= row
        if isinstance(line["keeper"], str):
            line["keeper"] = Sealed.of(line["keeper"])
        return line

    # Tables

    def bring(
        self, content: bytes, kind: str = "records.made_estate", login: str = MAKER, about: UUID | None = None
    ) -> UUID:
        """Upload a table and have the worker read it."""
        order = UploadTable(kind, "表格.xlsx", content, about_id=about)
        session_id: UUID = self.do(upload_table, order, login).id
        self.work()
        return session_id

    def commit(self, session_id: UUID, login: str = MAKER) -> None:
        self.do(commit_session, session_id, login)
        self.work()

    def work(self) -> None:
        work_through(self.market.world.door, lambda: True)

    def session(self, session_id: UUID, login: str = MAKER) -> Line:
        view: Line = self.ask(view_session, session_id, login)
        return view

    def line_id(self, session_id: UUID, sheet_row: int) -> UUID:
        wanted = select(ImportedLine.id).where(
            ImportedLine.session_id == session_id, ImportedLine.sheet_row == sheet_row
        )
        found: UUID = self.read(lambda work: work.session.exec(wanted).one())
        return found

    def told(self, session_id: UUID) -> dict[int, list[tuple[str, str]]]:
        """What was found, by row: column and code."""
        wanted = select(ImportedLine).where(ImportedLine.session_id == session_id)

        def read(work: Work) -> dict[int, list[tuple[str, str]]]:
            lines = work.session.exec(wanted.order_by(col(ImportedLine.sheet_row))).all()
            return {line.sheet_row: [(one.column, one.code) for one in row_of(line).findings] for line in lines}

        found: dict[int, list[tuple[str, str]]] = self.read(read)
        return found
