"""The rules of the house that no linter knows: where things may stand, and what may not stand anywhere."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import models.tables  # noqa: F401  (every table is in the metadata)
from models.columns import CodeType

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("ui", "integrations", "services", "printing", "models")
CODE = (".py", ".js", ".css", ".sh")
TEXT = (*CODE, ".md", ".toml", ".lock", ".txt", ".csv", ".json", ".html", ".yml", ".yaml", ".ini", ".cfg", ".mako", "")
LINES = 500


@cache
def files() -> tuple[Path, ...]:
    """Everything that is or is about to be in the repository; without git, what is not generated."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not generated(path.relative_to(ROOT))]
    return tuple(sorted(path for path in found if path.is_file()))


def generated(place: Path) -> bool:
    return any(part in ("build", "__pycache__") or (part[0] == "." and part != ".ci") for part in place.parts)


def within(*folders: str, kinds: tuple[str, ...] = (".py",)) -> Iterator[Path]:
    """Files of these kinds below these top folders (`.` is everything), generated migrations left out."""
    for path in files():
        place = path.relative_to(ROOT)
        if path.suffix in kinds and ("." in folders or place.parts[0] in folders):
            yield path


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@cache
def tree(path: Path) -> ast.Module:
    """A file as 3.11 reads it: the parser of a newer Python accepts what that refuses unless it is told."""
    return ast.parse(text(path), filename=str(path), feature_version=(3, 11))


def places(pattern: str, paths: Iterator[Path], *, allowed: tuple[str, ...] = ()) -> list[str]:
    """Where a pattern stands, as `file:line: text`, outside the files and folders that are allowed to have it."""
    wanted = re.compile(pattern)
    found = []
    for path in paths:
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith(allowed or ("\0",)):
            lines = enumerate(text(path).splitlines(), 1)
            found += [f"{place}:{number}: {line.strip()[:120]}" for number, line in lines if wanted.search(line)]
    return found


def test_the_search_finds_what_it_looks_for() -> None:
    here = iter([Path(__file__).resolve()])
    assert places("^def test_the_search_finds", here) != []


def test_only_the_door_commits() -> None:
    found = places(r"\.commit\(", within(*LAYERS, "main.py"), allowed=("services/engine/door.py", "models/dialect.py"))
    assert found == []


def _states() -> set[str]:
    """The columns that hold the state of a row."""
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    return {one.name for one in columns if isinstance(one.type, CodeType) and one.name.endswith("state")}


def _assigned(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Tuple):
        for part in node.elts:
            yield from _assigned(part)
    elif isinstance(node, ast.expr):
        yield node


def test_only_a_step_changes_a_state() -> None:
    states = _states()
    assert {"state", "admission_state", "licence_state"} <= states
    found = []
    for path in within("services"):
        place = path.relative_to(ROOT).as_posix()
        # The state of a key is a copy of the provider's.
        if place == "services/engine/steps.py" or place.startswith("services/keys/"):
            continue
        for node in ast.walk(tree(path)):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in (one for found_one in targets if found_one is not None for one in _assigned(found_one)):
                if isinstance(target, ast.Attribute) and target.attr in states:
                    found.append(f"{place}:{target.lineno}: {ast.unparse(target)}")
    assert found == []


def test_a_button_comes_from_an_action_and_not_from_a_state() -> None:
    """A page asks `place.may(action, record)` or the view whether it draws a button."""
    buttons = r"when=(lambda .*(?<!\w)(is|==|in) (not )?_?(?!None)[A-Z]\w*\b|.*\.(state|shelf)\b)"
    assert places(buttons, within("ui")) == []
    # The shell asks which lists and modules a user has; nobody else asks for a role.
    assert (
        places(r"caller\.roles\b.*&|&.*caller\.roles\b|\bin \S*caller\.roles\b", within("ui"), allowed=("ui/shell/",))
        == []
    )


def test_a_tone_belongs_to_its_code_or_word() -> None:
    """No table of a page colours words by their Chinese text."""
    coloured = r'[\u4e00-\u9fff][^"]*": "(good|info|warn|bad|muted)"'
    assert places(rf"\btones=|\b[A-Z_]*TONES\b.*= \{{.*[\u4e00-\u9fff]|{coloured}", within("ui", "services")) == []


def test_services_and_papers_take_the_time_they_are_given() -> None:
    clocks = r"\bdatetime\.(now|utcnow|today)\b|\bdate\.today\b|\btime\.time(_ns)?\b|\bfunc\.now\b|CURRENT_TIMESTAMP"
    assert places(clocks, within("services", "printing"), allowed=("services/engine/clock.py",)) == []


def test_only_the_crypto_provider_knows_gmssl() -> None:
    allowed = ("integrations/cloud_crypto/", "tests/integrations/test_cloud_crypto")
    assert places(r"^\s*(from|import)\s+gmssl\b", within("."), allowed=allowed) == []


def test_no_file_is_too_long() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): text(path).count("\n") for path in within(".", kinds=CODE)}
    assert {place: length for place, length in lengths.items() if length > LINES} == {}


def test_a_file_is_named_by_a_noun() -> None:
    """Not by a gerund: these end alike and are what a reader looks for."""
    nouns = {
        "drawing",
        "engineering",
        "everything",
        "filing",
        "listing",
        "masking",
        "monitoring",
        "numbering",
        "outgoing",
    }
    nouns |= {"paging", "ping", "planning", "refiling", "rounding", "spelling", "tracing", "training"}
    named = within("deploy", *LAYERS)
    assert [one for one in named if one.stem.endswith("ing") and one.stem.split("_")[-1] not in nouns] == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    words = "|".join(["TO" + "DO", "FIX" + "ME", "HA" + "CK"])
    assert places(rf"\b({words})\b", within(".", kinds=(*CODE, ".md"))) == []


def test_no_file_names_a_package_registry_or_a_place_on_one_machine() -> None:
    hosts = [
        "py" + r"pi\.org",
        "python" + r"hosted\.org",
        "npm" + r"js\.(org|com)",
        "debian" + r"\.org",
        r"\bmirrors\.",
    ]
    folders = "|".join(["wo" + "rk", "ro" + "ot", "t" + "mp"])
    pattern = "|".join([*hosts, rf"(?<![\w.)}}\]*-])/({folders})(?![\w.-])"])
    assert places(pattern, within(".", kinds=TEXT)) == []


def test_no_private_key_lies_in_the_tree() -> None:
    assert places("-----BEGIN [A-Z ]*PRIVATE" + " KEY", within(".", kinds=(*TEXT, ".pem", ".key"))) == []


def test_tests_do_not_sleep() -> None:
    tests = (path for path in within("tests") if path.name.startswith("test_"))
    assert places(r"\btime" + r"\.sleep\(", tests) == []


def test_a_package_of_ui_has_the_name_of_its_area() -> None:
    areas, pages = ({path.parent.name for path in (ROOT / one).glob("*/__init__.py")} for one in ("services", "ui"))
    # Forms that several areas share, and the pages without a sign-in.
    assert pages - areas == {"public", "review", "shell"}


@pytest.mark.parametrize("folder", [*LAYERS, "tests"])
def test_every_package_and_module_opens_with_a_sentence(folder: str) -> None:
    modules = [*within(folder)]
    packages = {path.parent / "__init__.py" for path in modules}
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in sorted({*modules, *packages})
        if not path.exists() or not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_every_module_is_python_3_11() -> None:
    for path in within("."):
        tree(path)


def test_no_statement_needs_a_newer_sqlite_than_debian_12_has() -> None:
    """Its 3.40 lacks what came later; the SQLite beside our own Python has it, so no other test notices."""
    newer = r"func\.(concat|concat_ws|string_agg|unhex|octet_length|timediff|json_pretty|jsonb\w*|median|if)\("
    assert places(newer, within("services", "ui", "integrations", "models", "deploy", "printing")) == []


def test_imports_go_one_way() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    answer = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("lock", sorted(path.name for path in (ROOT / "deploy").glob("*.lock")))
def test_every_locked_package_has_one_version_and_its_hashes(lock: str) -> None:
    lines = re.sub(r"\\\n\s*", "", text(ROOT / "deploy" / lock)).splitlines()
    packages = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert packages
    assert [line for line in packages if not re.match(r"[\w.-]+==[\w.+!]+( ; [^#]+?)? ?--hash=sha256:", line)] == []
