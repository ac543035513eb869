"""Materials of an application: what was uploaded, referred to or is held by the licence library, and what is missing (F08)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import select

from models.one_stop import StopCase, StopMaterial
from models.one_stop_codes import MATERIAL, ApplicantRole, MaterialSource, MaterialState, StopMaterialKind
from models.sealed import Sealed
from models.tenancy_codes import IdType
from services.engine.findings import Finding, Severity
from services.engine.steps import take_step
from services.engine.work import Work
from services.one_stop.applications import code_or
from services.one_stop.items import item_on
from services.one_stop.messages import Content, LibraryMessage, StopAttachment, StopLicenceRef
from services.ports.answers import Answer, HeldLicences
from services.tenancy.rules.applicants import PROOF_PAPERS
from services.tenancy.rules.catalogue import BY_CODE

_TYPES = frozenset({"pdf", "jpg", "jpeg", "png", "ofd"})
#: What the licence library may hold for a person.
_HELD_KINDS = (StopMaterialKind.ID, StopMaterialKind.TITLE)
_MEGABYTE = 1024 * 1024
_OF_CASE = select(StopMaterial).where(StopMaterial.case_id == bindparam("id"))


def kind_of(text: str) -> StopMaterialKind | None:
    """The material a message names; one we do not know counts for nothing."""
    return next((one for one in StopMaterialKind if one.value == text.strip()), None)


def fault_of(file: StopAttachment, megabytes: int) -> str:
    """Return why an uploaded file counts as missing; empty for a good one."""
    if file.size == 0:
        return "文件为空"
    if file.size > megabytes * _MEGABYTE:
        return f"文件超过{megabytes}MB"
    if file.file_name.rsplit(".", 1)[-1].lower() not in _TYPES or "." not in file.file_name:
        return "文件类型应为 pdf、jpg、png 或 ofd"
    return ""


def may_ask_library(message: LibraryMessage) -> bool:
    """Return whether a message lacks a material that the licence library may hold for its applicant."""
    given = {one.material for one in message.attachments if one.size}
    return message.applicant is not None and any(kind.value not in given for kind in _HELD_KINDS)


def keep_materials(work: Work, case: StopCase, message: LibraryMessage, *, stay: bool) -> None:
    """Keep what a message hands in; with `stay` what was handed in before remains (a converted case)."""
    kept = {one.kind: one for one in _materials(work, case)}
    if not stay and kept:
        for row in kept.values():
            work.session.delete(row)
        kept = {}
        work.session.flush()
    for ref in message.e_licence_refs:
        if (kind := kind_of(ref.material)) is not None:
            _put(work, kept, _referred(case, kind, ref, message.version))
    megabytes = work.thresholds.integer("one_stop.file_megabytes")
    for file in message.attachments:
        if (kind := kind_of(file.material)) is not None:
            _put(work, kept, _uploaded(case, kind, file, message.version, megabytes))


def _put(work: Work, kept: dict[StopMaterialKind, StopMaterial], row: StopMaterial) -> None:
    """Keep a material once: a good file stays where a worse one is handed in beside it."""
    before = kept.get(row.kind)
    if before is not None:
        if before.state is MaterialState.GOOD and row.state is not MaterialState.GOOD:
            return
        work.session.delete(before)
        work.session.flush()
    kept[row.kind] = work.add(row)


def _uploaded(
    case: StopCase, kind: StopMaterialKind, file: StopAttachment, version: int, megabytes: int
) -> StopMaterial:
    fault = fault_of(file, megabytes)
    return StopMaterial(
        case_id=case.id,
        kind=kind,
        source=MaterialSource.UPLOAD,
        file_name=Sealed.of(file.file_name) if file.file_name else None,
        size=file.size,
        content_version=version,
        state=MaterialState.BAD if fault else MaterialState.GOOD,
        note=fault,
    )


def _referred(case: StopCase, kind: StopMaterialKind, ref: StopLicenceRef, version: int) -> StopMaterial:
    # Whether the licence is the applicant's and in force is the library's word, asked at intake.
    return StopMaterial(
        case_id=case.id,
        kind=kind,
        source=MaterialSource.REFERENCE,
        licence_no=Sealed.of(ref.licence_no) if ref.licence_no else None,
        content_version=version,
        state=MaterialState.BAD,
        note="证照不存在、已失效或不属于申请人",
    )


@dataclass(frozen=True)
class Completeness:
    """The materials that are missing, and whether the licence library's silence leaves that open."""

    missing: tuple[StopMaterialKind, ...]
    unknown: tuple[StopMaterialKind, ...]


def complete_from_library(work: Work, case: StopCase, content: Content, held: Answer[HeldLicences]) -> Completeness:
    """Fill in what the library holds for the applicant, and say what is still missing."""
    rows = {one.kind: one for one in _materials(work, case)}
    missing, unknown = [], []
    for kind in _needed(work, case, content):
        row = rows.get(kind)
        if row is not None and row.source is MaterialSource.UPLOAD and row.state is not MaterialState.BAD:
            if kind in _HELD_KINDS and held.silent:
                # Uploaded because the library did not answer: it counts, and is looked at later (row 3).
                take_step(work, row, MATERIAL, "leave_open", log=False)
                row.note = "电子证照库未应答，待核"
            continue
        if kind in _HELD_KINDS and held.value is not None and _names(kind, content) & held.value.materials:
            _take_from_library(work, case, kind, row)
        elif kind in _HELD_KINDS and held.silent:
            # An uploaded or named paper is taken and looked at later; nothing at all waits for the library.
            if row is not None and row.source is MaterialSource.REFERENCE:
                take_step(work, row, MATERIAL, "leave_open", log=False)
                row.note = "电子证照库未应答，待核"
            else:
                unknown.append(kind)
        else:
            missing.append(kind)
    return Completeness(tuple(missing), tuple(unknown))


def _take_from_library(work: Work, case: StopCase, kind: StopMaterialKind, row: StopMaterial | None) -> None:
    if row is None:
        row = StopMaterial(
            case_id=case.id,
            kind=kind,
            source=MaterialSource.LIBRARY,
            content_version=case.content_version,
            state=MaterialState.GOOD,
        )
    take_step(work, row, MATERIAL, "take", log=False)
    row.note = "电子证照库已有，免提交"
    if row.source is MaterialSource.UPLOAD:
        row.source = MaterialSource.LIBRARY


def _names(kind: StopMaterialKind, content: Content) -> frozenset[str]:
    """A material under the names of the licence library."""
    if kind is StopMaterialKind.ID:
        return frozenset({code_or(IdType, content.applicant.id_type, IdType.ID_CARD).label})
    return frozenset(PROOF_PAPERS.values())


def _needed(work: Work, case: StopCase, content: Content) -> Iterator[StopMaterialKind]:
    yield from item_on(work, case.item_code, case.opened_on).needed(case.situation)
    if content.applicant.role is ApplicantRole.AGENT:
        guardian = work.has(
            StopMaterial,
            StopMaterial.case_id == case.id,
            StopMaterial.kind == StopMaterialKind.GUARDIAN,
            StopMaterial.state == MaterialState.GOOD,
        )
        if not guardian:
            yield StopMaterialKind.MANDATE


def given_materials(work: Work, case: StopCase) -> frozenset[StopMaterialKind]:
    """The materials of a case that count."""
    return frozenset(one.kind for one in _materials(work, case) if one.state is not MaterialState.BAD)


def _materials(work: Work, case: StopCase) -> Sequence[StopMaterial]:
    return work.session.exec(_OF_CASE, params={"id": case.id}).all()


def gap_finding(missing: tuple[StopMaterialKind, ...]) -> Finding:
    """The finding of F08 that lists every missing material at once."""
    rule = BY_CODE["F08"]
    names = "、".join(one.label for one in missing)
    return Finding(rule.code, f"还需补充以下材料：{names}", "materials", Severity.CORRECT)
