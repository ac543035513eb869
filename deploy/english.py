"""Lint of docstrings and comments: plain English by the verbs of models/GLOSSARY.md. Run `python -m deploy.english`."""

import ast
import re
import sys
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Packages whose docstrings and comments are checked.
SOURCE = ("models", "printing", "services", "integrations", "ui", "deploy")
#: Folders with generated files, or with scripts kept as they were.
LEFT_OUT = ("deploy/alembic/versions", "deploy/data/make")
#: First words that begin a riddle: a docstring begins with a verb or names a thing.
OPENINGS = re.compile(
    r"Wh(at|o|om|ose|oever|atever|ether|ere|ich|y)|How|Ones?|(Some|No|Every|Any)body|(Some|No|Every)thing|Told|Stands|It"
    r"|That|Those|These"
)
#: Words without a meaning of their own in this house; the glossary has the verb or noun for each.
WORDS = re.compile(
    r"\b(whoever|nobody|somebody|anybody|everybody|told|tells|stands|stood|himself|the same as before)\b", re.I
)
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
_FIRST = re.compile(r"\W*([\w-]+)")

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def main() -> int:
    """Print every docstring and comment that breaks a rule; the exit code is 1 if there is one."""
    found = [f"{path.relative_to(ROOT)}:{line}: {problem}" for path in sources() for line, problem in problems(path)]
    for one in found:
        print(one)
    return 1 if found else 0


def sources() -> Iterator[Path]:
    """Yield the Python files that are checked."""
    yield ROOT / "main.py"
    for package in SOURCE:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not path.relative_to(ROOT).as_posix().startswith(LEFT_OUT):
                yield path


def problems(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and problem of every opaque docstring and comment of a file."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Documented) and (text := ast.get_docstring(node)):
            line = node.body[0].lineno
            if problem := problem_of(text):
                yield line, problem
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT and (problem := riddle_in(token.string)):
            yield token.start[0], problem


def problem_of(text: str) -> str:
    """Return what is wrong with a docstring, or an empty string."""
    first = _FIRST.match(text)
    if (first is not None and OPENINGS.fullmatch(first[1])) or text.startswith("The same"):
        return f"begins with {text.split()[0]!r}; begin with a verb or name the thing"
    return riddle_in(text)


def riddle_in(text: str) -> str:
    """Return which word of a docstring or comment has no meaning of its own, or an empty string."""
    word = WORDS.search(_QUOTED.sub("", text))
    return f"says {word[0]!r}; see the verbs of models/GLOSSARY.md" if word else ""


if __name__ == "__main__":
    sys.exit(main())
