"""The evidence package of a filing: checked by a program that knows nothing of ours, and found out when it was changed."""

import importlib.util
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from sqlmodel import select

from models.audit import AuditEvent
from models.documents import IssuedDocument
from models.sealing import sm3
from services.audit.checkpoints import checkpoint
from services.documents.stored_papers import open_paper
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.refusals import NotAllowed, NotFound
from services.tenancy.evidence_package import ExportEvidence, export_evidence, masked
from tests.services.tenancy.counter import Counter, Filed
from tests.world import World, in_order, provider, running_world

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "standalone" / "verify_evidence.py"


@dataclass
class Case:
    """A filed lease whose audit is signed."""

    world: World
    counter: Counter
    filed: Filed
    auditor: Caller

    @property
    def number(self) -> str:
        return self.filed.decision.filing_no

    def package(self, *, full: bool = False) -> bytes:
        order = ExportEvidence(self.number, full=full)
        return self.world.door.perform(export_evidence, SYSTEM if full else self.auditor, order).content


@pytest.fixture(scope="module")
def case(database_url: str) -> Iterator[Case]:
    from models.access import Role

    with running_world(database_url, few=True) as world:
        world.stand_at(2027, 3, 1)
        counter = Counter(world)
        filed = counter.filed()
        counter.draw_papers(filed.contract_id, filed.filing_id)
        checkpoint(world.door, at_once=True)
        kind = world.caller("shi01").scopes[0].kind
        yield Case(world, counter, filed, Caller("审计", (Scope(Role.AUDITOR, kind),), account_id=filed.contract_id))


def verified(content: bytes, folder: Path, *more: str) -> tuple[int, str]:
    """Exit code and words of the program, run by itself: isolated, in an empty folder, without our packages."""
    (folder / "package.zip").write_bytes(content)
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(folder / "package.zip"), *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def pub(folder: Path) -> str:
    keys = folder / "keys.txt"
    names = ("sig.audit", "sig.doc")
    keys.write_text("".join(f"{name}.1 {provider().public_key(name)}\n" for name in names))
    return str(keys)


@pytest.mark.proves("M6", "D10")
def test_a_masked_package_proves_decision_papers_and_audit_and_says_what_it_does_not(
    case: Case, tmp_path: Path
) -> None:
    code, words = verified(case.package(), tmp_path, "--pub", pub(tmp_path))
    assert code == 0, words
    assert "[不一致]" not in words
    for proven in (
        "清单签名有效",
        "审计检查点签名有效",
        "核验结论 PASS",
        "住房租赁合同备案通知书",
        "且其摘要已记入已签名的审计",
    ):
        assert proven in words
    assert "[未证明] 核验事实已脱敏" in words


def test_a_full_package_proves_the_facts_too(case: Case, tmp_path: Path) -> None:
    code, words = verified(case.package(full=True), tmp_path, "--pub", pub(tmp_path))
    assert code == 0, words
    assert "[已证明] 核验事实与核验结论所依据的一致" in words


def test_without_a_key_from_elsewhere_it_says_so(case: Case, tmp_path: Path) -> None:
    code, words = verified(case.package(), tmp_path)
    assert code == 0
    assert "[未证明] 公钥取自包内" in words


def test_a_paper_is_recognised_and_another_is_not(case: Case, tmp_path: Path) -> None:
    papers = case.world.read(
        lambda work: work.session.exec(
            select(IssuedDocument).where(IssuedDocument.filing_id == case.filed.filing_id)
        ).all()
    )
    paper = open_paper(case.world.door, case.counter.clerk(), papers[0].id)
    (tmp_path / "a.pdf").write_bytes(paper.content or b"")
    (tmp_path / "b.pdf").write_bytes((paper.content or b"")[:-1] + b"x")
    package = case.package()
    assert "所给文件 a.pdf 就是签发的" in verified(package, tmp_path, "--paper", str(tmp_path / "a.pdf"))[1]
    code, words = verified(package, tmp_path, "--paper", str(tmp_path / "b.pdf"))
    assert code == 1
    assert "b.pdf 不是本证据包中任何一份签发的文书" in words


@pytest.mark.proves("M6")
def test_a_masked_package_holds_no_personal_datum_and_the_auditor_gets_no_other(case: Case) -> None:
    order = ExportEvidence(case.number, full=True)
    content = case.world.door.perform(export_evidence, case.auditor, order).content
    text = "".join(zipfile.ZipFile(io.BytesIO(content)).read(name).decode() for name in names(content))
    # Digests and ids are hexadecimal: a few of them have eleven figures between letters.
    assert not re.search(
        r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])",
        re.sub(r"[0-9a-f]{64,}|[0-9a-f-]{36}", "", text),
    )
    for person in (case.filed.landlord, case.filed.tenant):
        assert person.name not in text
        assert person.id_no not in text
    assert case.filed.flat.line["address"] not in text if "address" in case.filed.flat.line else True


def names(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


Change = Callable[[dict[str, bytes]], None]


def changed(content: bytes, change: Change) -> bytes:
    parts = {name: zipfile.ZipFile(io.BytesIO(content)).read(name) for name in names(content)}
    change(parts)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return whole.getvalue()


def edit(name: str, old: str, new: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        text = parts[name].decode()
        assert old in text
        parts[name] = text.replace(old, new, 1).encode()

    return change


def consistently(change: Change) -> Change:
    """A forger who makes the manifest's digests fit again, but has no key."""

    def both(parts: dict[str, bytes]) -> None:
        change(parts)
        manifest = json.loads(parts["manifest.json"])
        said = json.loads(manifest["text"])
        said["files"] = {name: sm3(parts[name]).hex() for name in said["files"]}
        manifest["text"] = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        parts["manifest.json"] = json.dumps(manifest).encode()

    return both


@pytest.mark.proves("H68", "M6")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (edit("decision.json", "PASS", "FAIL"), "核验结论与办理时记入审计的摘要不一致"),
        (edit("events.json", '\\"res\\":\\"ok\\"', '\\"res\\":\\"deny\\"'), "内容与摘要不一致"),
        (edit("checkpoints.json", "sig.audit.1\\n", "sig.audit.2\\n"), "检查点的内容不合格式"),
        (edit("papers.json", '"digest": "', '"digest": "00'), "的签名无效"),
        (edit("events.json", '"L"', '"R"'), "不在所称的检查点之内"),
    ],
)
def test_whatever_was_changed_in_a_package_is_named(case: Case, tmp_path: Path, change: Change, said: str) -> None:
    code, words = verified(changed(case.package(), consistently(change)), tmp_path, "--pub", pub(tmp_path))
    assert code == 1
    assert said in words
    assert "清单签名无效" in words


def test_a_package_of_another_system_or_none_is_refused(case: Case, tmp_path: Path) -> None:
    other = "04" + provider().public_key("sig.acl")[2:]
    code, words = verified(case.package(), tmp_path, "--pub", other)
    assert (code, "清单签名无效" in words) == (1, True)
    assert verified(b"PK nothing", tmp_path)[0] == 1
    assert "Traceback" not in verified(changed(case.package(), lambda parts: parts.pop("keys.json")), tmp_path)[1]  # type: ignore[arg-type]


def test_what_is_handed_out_is_told_and_only_to_the_auditor(case: Case) -> None:
    before = case.world.read(lambda work: len(work.session.exec(select(AuditEvent)).all()))
    case.package()
    case.package(full=True)
    last = case.world.read(
        lambda work: work.session.exec(
            select(AuditEvent).where(AuditEvent.seq > before).order_by(in_order(AuditEvent))
        ).all()
    )
    assert [row.event for row in last] == ["AUDIT.EXPORT", "PII.EXPORT"]
    for login in ("huamu01", "shi01"):
        with pytest.raises(NotAllowed):
            case.world.door.perform(export_evidence, case.world.caller(login), ExportEvidence(case.number))
    with pytest.raises(NotFound):
        case.world.door.perform(export_evidence, case.auditor, ExportEvidence("沪备00000"))


def test_masking_keeps_figures_and_codes_and_hides_every_other_text() -> None:
    facts = {
        "310101199901010018": {"name": "陈晓明", "state": "OK", "rent": "3200.00", "day": "2027-03-01", "x": "自由文字"}
    }
    (key,) = (hidden := masked(facts))
    assert "19990101" not in key
    assert hidden[key] == {"name": "陈**", "state": "OK", "rent": "3200.00", "day": "2027-03-01", "x": "****"}
    assert masked("13800000000") == "********"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_evidence", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("size", [0, 3, 55, 56, 63, 64, 65, 200])
def test_the_programs_own_sm3_is_sm3(script: ModuleType, size: int) -> None:
    data = bytes(range(size))
    assert script.sm3_plain(data) == sm3(data)


def test_the_programs_own_check_of_signatures_takes_only_good_ones(script: ModuleType) -> None:
    public, signature = provider().public_key("sig.audit"), provider().sign("sig.audit", b"words").sig_b64
    assert script.signed_by(public, b"words", signature)
    assert not script.signed_by(public, b"word", signature)
    assert not script.signed_by(provider().public_key("sig.doc"), b"words", signature)
    for wrong in ("", signature[:-4], signature + "AA==", "MAYCAQACAQA="):
        assert not script.signed_by(public, b"words", wrong)
    assert script.point_of("04" + "11" * 64) is None


def test_the_program_imports_the_standard_library_only() -> None:
    imported = set(re.findall(r"^(?:from|import) ([a-z_0-9]+)", SCRIPT.read_text(), re.M))
    assert imported <= set(sys.stdlib_module_names)
