"""Every table keeps the rules of the house: labels, sealed personal data with an index, JSON only with a reason."""

from typing import Any
from uuid import RFC_4122

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import ColumnProperty, registry
from sqlmodel import SQLModel

import models.tables  # noqa: F401
from models.columns import new_id
from models.sealed import Sealed, SealedType
from models.sealed_rows import seal_row
from models.sealing import KeyRing, Sealer
from services.catalogue.personal import NOT_PERSONAL
from tests.report import each_in_turn

TABLES = sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name)
#: Names of columns that carry personal data wherever they stand (leasing 2.0).
PERSONAL = {"name", "id_no", "mobile", "agent_name", "agent_id_no", "cert_no", "password", "supervised_account"}


@each_in_turn("table", TABLES)
def test_every_column_says_what_it_is(table: sa.Table) -> None:
    unnamed = [column.name for column in table.columns if not column.comment]
    assert unnamed == []


@each_in_turn("table", TABLES)
def test_personal_data_is_sealed(table: sa.Table) -> None:
    clear = [
        column.name
        for column in table.columns
        if column.name in PERSONAL
        and f"{table.name}.{column.name}" not in NOT_PERSONAL
        and not isinstance(column.type, SealedType)
    ]
    assert clear == []


@each_in_turn("table", TABLES)
def test_a_sealed_column_that_is_searched_has_its_index(table: sa.Table) -> None:
    without = [
        column.name
        for column in table.columns
        if isinstance(column.type, SealedType) and column.type.domain and f"{column.name}_index" not in table.columns
    ]
    assert without == []


@each_in_turn("table", TABLES)
def test_plain_json_says_why_it_carries_no_person(table: sa.Table) -> None:
    unexplained = [
        column.name
        for column in table.columns
        if isinstance(column.type, sa.JSON) and len(column.info.get("reason", "")) < 6
    ]
    assert unexplained == []


def test_a_sealed_value_cannot_be_stored_in_clear() -> None:
    with pytest.raises(RuntimeError):
        SealedType("", "", "dek.pii").process_bind_param(Sealed.of("陈晓明"), sa.create_engine("sqlite://").dialect)
    with pytest.raises(TypeError):
        SealedType("", "", "dek.pii").process_bind_param("陈晓明", sa.create_engine("sqlite://").dialect)


def test_a_bulk_row_is_sealed_for_its_own_id_and_indexed() -> None:
    from models.columns import new_id
    from models.house import HouseOwner

    table: sa.Table = HouseOwner.__table__  # type: ignore[attr-defined]
    row_id = new_id()
    row = seal_row(
        Sealer(KeyRing.fresh()),
        table,
        row_id,
        {"id": row_id, "name": Sealed.of("陈晓明"), "id_no": Sealed.of("310101199901010018")},
    )
    assert row["id_no"].token.startswith("e1:dek.pii.")
    assert row["id_no_index"].startswith("b1:idx.pii.")
    assert "陈晓明" not in row["name"].token


def test_printing_a_sealed_value_shows_nothing() -> None:
    assert "陈晓明" not in repr(Sealed.of("陈晓明")) + str(Sealed.of("陈晓明"))


def test_configuring_mappers_makes_no_expression_of_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    comparator = ColumnProperty.Comparator
    annotate = comparator._orm_annotate_column

    def noted(self: Any, column: Any) -> Any:
        made.append(column.name)
        return annotate(self, column)

    monkeypatch.setattr(comparator, "_orm_annotate_column", noted)
    table = sa.Table("made", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("words", sa.Text))
    family = registry()
    kind: Any = type("Made", (), {})
    family.map_imperatively(kind, table)
    family.configure()
    assert made == []
    # Listeners of an attribute are found as before, and expressions are made when they are asked for.
    heard: list[str] = []
    sa.event.listen(kind.words, "set", lambda target, value, *more: heard.append(value))
    kind().words = "heard"
    assert heard == ["heard"]
    assert str(kind.words == "x") == "made.words = :words_1"
    assert made == ["words"]


def test_ids_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(1000)]
    assert (made, len(set(made))) == (sorted(made), 1000)
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
