"""The manuals follow the product: every setting, command, page of an administrator, picture and link is there."""

import argparse
import re
from pathlib import Path

import pytest

from deploy.commands import add_commands
from deploy.settings import Settings
from models.access import Role
from services.engine.thresholds import DECLARED
from tests import drills
from tests.browser import ROOT
from tests.report import each_in_turn
from ui.catalogue import MODULES
from ui.shell.modules import GROUPS

DOCS = ROOT / "docs"
HANDBOOK = sorted((DOCS / "manual").glob("*.md"))
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_SETTING = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def manual(name: str) -> str:
    return (DOCS / name).read_text()


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    told = set(_SETTING.findall(manual("admin/settings.md")))
    assert told == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_documented_default_is_the_setting_s(name: str) -> None:
    (row,) = [line for line in manual("admin/settings.md").splitlines() if line.startswith(f"| `{name.upper()}` |")]
    default = Settings.model_fields[name].default
    said = row.split("|")[2].strip()
    if (isinstance(default, bool | int | str) and default != "") or isinstance(default, Path):
        assert said == f"`{str(default).lower() if isinstance(default, bool) else default}`"
    else:
        assert said


def test_every_command_is_documented() -> None:
    parser = argparse.ArgumentParser()
    parts = parser.add_subparsers()
    add_commands(parts, ["--help"])
    text = manual("admin/README.md")
    assert sorted(name for name in parts.choices if f"`{name}" not in text) == []


@pytest.mark.parametrize(
    ("chapter", "role"),
    [
        ("system-admin.md", Role.SYS_ADMIN),
        ("security-admin.md", Role.SEC_ADMIN),
        ("auditor.md", Role.AUDITOR),
    ],
)
def test_an_administrators_chapter_names_every_page_of_his_menu(chapter: str, role: Role) -> None:
    text = manual(f"manual/{chapter}")
    shown = [module.title for module in MODULES if role in module.roles and not module.hidden]
    assert [title for title in shown if title not in text] == []


def test_the_handbook_calls_parameters_by_their_names() -> None:
    # A list with little in it shows its part of the handbook, to people who see parameters by name only.
    keys = {path.name: set(DECLARED) & set(re.findall(r"`([^`]+)`", path.read_text())) for path in HANDBOOK}
    assert {name: found for name, found in keys.items() if found} == {}


@each_in_turn("text", PAGES)
def test_every_link_leads_somewhere(text: Path) -> None:
    broken = []
    for link in _LINK.findall(text.read_text()):
        place, _, part = link.partition("#")
        if "://" in place:
            continue
        target = (text.parent / place).resolve() if place else text
        # A part of a source file is a line.
        known = target.exists() and (not part or target.suffix != ".md" or part in anchors(target))
        if not known:
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The parts of a page as links name them: lower case, blanks as dashes, punctuation left out."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return set(re.findall(r'<a (?:id|name)="([^"]+)"', page.read_text())) | {
        re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads
    }


def test_every_picture_is_shown_and_none_is_too_large() -> None:
    shown = {Path(link).name for page in PAGES for link in _LINK.findall(page.read_text()) if link.endswith(".png")}
    kept = {path.name: path.stat().st_size for path in (DOCS / "manual" / "pictures").iterdir()}
    assert sorted(set(kept) - shown) == []
    assert max(kept.values()) <= 200_000


def test_a_drill_written_down_leaves_alone_what_was_tried_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "drills.md"
    page.write_text(manual("drills.md"))
    monkeypatch.setattr(drills, "PAGE", page)
    drills.write_drill("试验", "种子 1", "成功", 2.4)
    before, after = manual("drills.md").splitlines(), page.read_text().splitlines()
    assert [line[:14] for line in after if line not in before] == ["| 试验 | 种子 1 | "]
    assert [line for line in before if line not in after] == []


def test_the_packages_that_loongarch_lacks_are_those_of_the_lock() -> None:
    line = next(
        one for one in (ROOT / "docs/admin/install.md").read_text().splitlines() if one.startswith("| LoongArch")
    )
    number, named = re.search(r"锁定的软件包中(\d+)个没有.*?：(.*?)；", line).groups()  # type: ignore[union-attr]
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "deploy/requirements.lock").read_text(), re.MULTILINE))
    assert len(named.split("、")) == int(number)
    assert set(named.split("、")) <= locked


def test_every_alarm_of_direct_rent_is_in_the_chapter_of_alarms() -> None:
    told = set(re.findall(r"^\| (DIRECTPAY\.[A-Z_]+) \|", manual("manual/alarms.md"), re.MULTILINE))
    words = (DOCS.parent / "services" / "audit" / "words.toml").read_text(encoding="utf-8")
    assert told == set(re.findall(r'^"(DIRECTPAY\.[A-Z_]+)"', words, re.MULTILINE))


def test_the_page_of_keys_names_every_menu_with_its_letter() -> None:
    [line] = [line for line in manual("manual/keys.md").splitlines() if line.startswith("| Alt+字母")]
    told = set(re.findall(r"([A-Z]) (\w+)", line.split("：")[1]))
    assert told == {(menu.letter, menu.label) for menu in GROUPS.values()} | {("S", "系统"), ("H", "帮助")}


def test_every_reason_that_keeps_a_row_from_import_is_in_the_chapter_of_imports() -> None:
    services = DOCS.parent / "services"
    sources = [*(services / "practitioners").glob("import_*.py"), *(services / "imports").glob("*.py")]
    stops = re.compile(r'(?:\.error\(|Level\.ERROR,)\s*"([A-Z][A-Z_0-9]+)"')
    raised = {code for source in sources for code in stops.findall(source.read_text(encoding="utf-8"))}
    assert "TEXT_LENGTH" in raised
    assert raised <= set(re.findall(r"[A-Z][A-Z_0-9]+", manual("manual/importing.md")))


_DECISION = re.compile(r"^\| (\d+) \| [0-9-]+ \| \[.+\]\((decisions/[a-z]+\.md)#(\d+)\) \|$", re.MULTILINE)


def test_every_decision_has_a_number_of_its_own_and_its_record() -> None:
    index = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    found = _DECISION.findall(index)
    numbers = [int(number) for number, _, _ in found]
    assert len(numbers) > 50
    assert [number for number in set(numbers) if numbers.count(number) > 1] == []
    assert [number for number, _, anchor in found if number != anchor] == []
    records = {file: (ROOT / "docs" / file).read_text(encoding="utf-8") for _, file, _ in found}
    assert [number for number, file, _ in found if f'<a id="{number}"></a>\n## {number}. ' not in records[file]] == []
    written = sum(text.count('<a id="') for text in records.values())
    assert written == len(found)
