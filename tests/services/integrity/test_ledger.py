"""The audit tells of each object the version that stands at the end of the transaction (decision 16)."""

from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from models.columns import new_id
from models.dialect import bulk_insert
from models.engine import Notice
from models.operations import Backup
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.work import Work
from services.integrity.nightly_scan import scan
from tests.services.tenancy.counter import Counter
from tests.world import sealer


@pytest.mark.proves("M6")
def test_a_row_inserted_in_bulk_and_changed_at_once_is_told_as_it_is(counter: Counter) -> None:
    world = counter.world
    backup_id, table = new_id(), SQLModel.metadata.tables["backup"]

    def load(work: Work) -> None:
        row: dict[str, Any] = {
            "id": backup_id,
            "created_at": work.at,
            "updated_at": work.at,
            "created_by": None,
            "updated_by": None,
            "version": 1,
            "file_name": "bulk.shfb",
            "made_at": work.at,
            "size": 1,
            "file_sm3": "0" * 64,
            "row_count": 1,
            "audit_seq": 1,
            "audit_hash": "0" * 64,
            "seconds": 1,
            "removed_at": None,
        }
        bulk_insert(work.session, table, seal_rows(sealer(), table, [row]))
        kept = work.session.exec(select(Backup).where(col(Backup.id) == backup_id)).one()
        kept.removed_at = work.at
        work.add(kept)

    world.act(load)
    with world.door.database.read() as session:
        assert [fault for fault in scan(session).faults if fault.row_id == str(backup_id)] == []


@pytest.mark.proves("M6")
def test_a_row_that_was_deleted_by_the_product_is_not_missed(counter: Counter) -> None:
    world = counter.world

    def write(work: Work) -> Notice:
        return work.add(Notice(subject="将被删除的消息", body=Sealed.of_json("")))

    notice_id = world.act(write).id

    def delete(work: Work) -> None:
        work.session.delete(work.session.exec(select(Notice).where(col(Notice.id) == notice_id)).one())

    world.act(delete)
    with world.door.database.read() as session:
        assert [fault for fault in scan(session).faults if fault.row_id == str(notice_id)] == []
