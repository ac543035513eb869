"""The parameters as a list: each with the city's value today, and past and future changes, districts' included."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import col

from models.access import AUTHORITY, Role
from models.codes import Toned
from models.engine import Parameter, ParameterState
from services.engine.listings import Column, Filter, Listing, listed, named
from services.engine.parameter_uses import uses_by_key
from services.engine.parameters import STAFF, TAKEN_BACK, own_districts, sets_all
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.thresholds import AREAS, DECLARED, Threshold
from services.engine.work import Work

READERS = STAFF | AUTHORITY | {Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK, Role.STREET_CLERK}
FLAGS = {"true": "是", "false": "否"}


@dataclass(frozen=True)
class ParameterLine:
    """A parameter with its value and its changes, the latest first."""

    threshold: Threshold
    value: str
    rows: tuple[Parameter, ...]

    @property
    def id(self) -> str:
        return self.threshold.key

    @property
    def area(self) -> str:
        """The name of the area it belongs to."""
        return AREAS.get(self.threshold.area, "")

    @property
    def changed(self) -> bool:
        """Return whether its value is another than the declared one."""
        return self.value != self.threshold.default

    @property
    def uses(self) -> tuple[str, ...]:
        """The rules, functions and jobs that read it."""
        return uses_by_key()[self.threshold.key]


def value_text(threshold: Threshold, value: str) -> str:
    """A value with its unit, as people read it."""
    if value == TAKEN_BACK:
        return "恢复按全市"
    if threshold.kind == "flag":
        return FLAGS.get(value, value)
    # Whole numbers of five digits and more are read in groups of three.
    told = f"{int(value):,}" if value.isascii() and value.isdigit() and len(value) > 4 else value
    return f"{told} {threshold.unit}".strip()


def parameter_lines(work: Work) -> list[ParameterLine]:
    """Every parameter, by area; to the market's authority those that districts may set."""
    rows = work.rows(work.visible(Parameter), by=col(Parameter.valid_from).desc())
    own = own_districts(work.caller)
    thresholds = work.thresholds.over(next(iter(own))) if len(own) == 1 else work.thresholds
    by_key: dict[str, list[Parameter]] = {}
    for row in rows:
        by_key.setdefault(row.key.partition("@")[0], []).append(row)
    return [
        ParameterLine(threshold, thresholds.text(key), tuple(by_key.get(key, ())))
        for key, threshold in sorted(DECLARED.items(), key=lambda one: (list(AREAS).index(one[1].area), one[0]))
        if threshold.local or sets_all(work.caller)
    ]


@query("parameters.one", "查看参数", roles=READERS)
def one_parameter(work: Work, key: str) -> ParameterLine:
    """Return a parameter by its key, or by the id of one of its changes, which a message names."""
    lines = parameter_lines(work)
    found = next((line for line in lines if line.id == key or any(str(row.id) == key for row in line.rows)), None)
    if found is None:
        raise NotFound
    return found


def _with_word(work: Work, text: str) -> Callable[[ParameterLine], bool]:
    word = search_word(text)
    return lambda line: word in line.threshold.label or word in line.threshold.source


def _value(line: ParameterLine) -> str:
    text = value_text(line.threshold, line.value)
    return Toned(text, "warn") if line.changed else text


def _default(line: ParameterLine) -> str:
    return value_text(line.threshold, line.threshold.default) if line.changed else ""


def _waiting(line: ParameterLine) -> str:
    waiting = sum(row.state is ParameterState.PROPOSED for row in line.rows)
    return Toned(f"{waiting}项待复核") if waiting else ""


PARAMETERS = listed(
    Listing(
        name="parameters",
        label="参数",
        roles=READERS,
        items=parameter_lines,
        columns=(
            Column("area", "业务", width=100),
            Column("label", "参数", lambda line: line.threshold.label, width=300, wraps=True),
            Column("value", "现行值", _value, number=True, width=110),
            Column("default", "默认值", _default, number=True, width=90),
            Column("waiting", "待办", _waiting, width=90),
            Column("source", "依据", lambda line: line.threshold.source, wraps=True),
        ),
        filters=(
            Filter(
                "area",
                "业务",
                lambda work, text: lambda line: line.threshold.area == text,
                options=AREAS,
                width=170,
            ),
            Filter("words", "参数或依据", _with_word, width=220),
            named(
                "changed",
                "范围",
                {
                    "": ("全部", lambda work: lambda line: True),
                    "changed": ("与默认不同", lambda work: lambda line: line.changed),
                    "local": ("可按区设定", lambda work: lambda line: line.threshold.local),
                },
                width=150,
            ),
        ),
        exporters=frozenset(),
        empty="没有符合条件的参数",
    )
)
