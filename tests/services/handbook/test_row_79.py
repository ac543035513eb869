"""Handbooks put aside by stage, quarter and hand; verified, unalterable, made whole or not at all (row 79)."""

import io
import json
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from models.documents import FileState
from models.handbooks import ArchiveState, ArchiveTrigger
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.refusals import Conflict, NotFound, Unavailable
from services.handbook.archives import archive_all, open_archive, verify_archive, voided_since
from services.ports.crypto import Crypto
from tests.files_made import rezipped
from tests.land import Land
from tests.scanner import running_scanner
from tests.services.handbook.hands import (
    PERMIT,
    VERIFIER,
    NoSigner,
    archived,
    archives,
    compiled,
    damaged,
    full_storage,
    night,
    permit,
    raised,
    scanned,
    scanning,
)
from tests.services.projects.desk import Desk


@pytest.mark.row(79)
def test_an_archive_is_a_signed_package_and_one_without_a_change_says_so(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    with pytest.raises(Conflict, match="还没有手册"):
        archived(desk, project)
    compiled(desk, project)
    first, second = archived(desk, project), archived(desk, project)
    rows = {row.id: row for row in archives(land, project)}
    assert (rows[first].unchanged, rows[second].unchanged) == (False, True)
    assert rows[first].content_digest == rows[second].content_digest
    assert rows[first].archive_no
    door, caller = land.market.world.door, land.market.caller("binjiang01")
    with zipfile.ZipFile(io.BytesIO(open_archive(door, caller, first).content)) as package:
        assert set(package.namelist()) == {"handbook.pdf", "handbook.json", "manifest.json"}
        signed = json.loads(package.read("manifest.json"))
        assert json.loads(signed["text"])["content"] == rows[first].content_digest
        assert door.house.crypto.verify(signed["kid"], signed["text"].encode(), signed["sig"])
    for login in ("xincheng_admin", "xhshen01"):
        with pytest.raises(NotFound):
            open_archive(door, land.market.caller(login), first)


@pytest.mark.row(79)
def test_the_stand_alone_verifier_proves_an_archive_and_finds_a_changed_one(
    desk: Desk, land: Land, tmp_path: Path
) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    content = open_archive(land.market.world.door, land.market.caller("pdshen01"), archived(desk, project)).content
    whole, changed = tmp_path / "whole.zip", tmp_path / "changed.zip"
    whole.write_bytes(content)
    changed.write_bytes(rezipped(content, {"handbook.json": b"{}"}))
    proven, refuted = (
        subprocess.run([sys.executable, str(VERIFIER), str(one)], capture_output=True, text=True, check=False)
        for one in (whole, changed)
    )
    assert (proven.returncode, "的内容与归档时一致" in proven.stdout) == (0, True)
    assert refuted.returncode == 1


@pytest.mark.row(79)
def test_an_archive_waits_until_its_files_are_checked_for_viruses(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7012)
    compiled(desk, project)
    land.market.world.act(partial(scanned, state=FileState.UNSCANNED))
    with running_scanner() as simulator, scanning(land, simulator.address):
        with pytest.raises(Conflict, match="正在查毒"):
            archived(desk, project)
        night(land, 2027, 3, 2, job="handbook.archive")
        assert archives(land, project) == []
    land.market.world.act(partial(scanned, state=FileState.CLEAN))
    night(land, 2027, 3, 3, job="handbook.archive")
    assert len(archives(land, project)) == 1


@pytest.mark.row(79)
def test_a_full_storage_says_what_to_do_keeps_what_was_and_the_next_night_archives(desk: Desk, land: Land) -> None:
    if not land.market.world.door.database.sqlite:
        pytest.skip("only SQLite's file is bounded here; PostgreSQL's answer is known by its code (53100)")
    project = land.project("P-1")
    compiled(desk, project)
    first = archived(desk, project)
    with full_storage(land):
        with pytest.raises(Unavailable, match="存储空间已满，本次操作没有保存"):
            archived(desk, project)
        land.market.world.stand_at(2027, 4, 1)
        with pytest.raises(Unavailable, match="存储空间已满"):
            archive_all(land.market.world.door)
    assert [row.id for row in archives(land, project)] == [first]
    assert desk.perform(verify_archive, "binjiang_admin", first) is ArchiveState.INTACT
    night(land, job="handbook.archive")
    assert [row.trigger for row in archives(land, project)] == [ArchiveTrigger.MANUAL, ArchiveTrigger.PERIODIC]


@pytest.mark.row(79)
def test_a_byte_changed_in_storage_is_found(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    archive = archived(desk, project)
    assert desk.perform(verify_archive, "pdshen01", archive) is ArchiveState.INTACT
    land.market.world.act(lambda work: damaged(work, archive))
    assert desk.perform(verify_archive, "pdshen01", archive) is ArchiveState.ALTERED
    with pytest.raises(Unavailable, match="归档包与归档时不一致"):
        open_archive(land.market.world.door, land.market.caller("pdshen01"), archive)
    night(land, job="handbook.watch")
    assert raised(land, archive, "HBK-04")


@pytest.mark.row(79)
def test_handbooks_are_put_aside_at_each_stage_and_quarter(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    night(land, 2027, 3, 2)
    for _ in range(2):
        night(land, job="handbook.archive")
    permit(desk, project, 7005)
    night(land, 2027, 3, 3)
    night(land, job="handbook.archive")
    night(land, 2027, 3, 31, job="handbook.archive")
    night(land, 2027, 4, 1, job="handbook.archive")
    night(land, 2027, 4, 2, job="handbook.archive")
    # One put aside by hand as a quarter begins is not the quarter's.
    land.market.world.stand_at(2027, 7, 1)
    archived(desk, project)
    night(land, job="handbook.archive")
    told = [(row.trigger, row.unchanged, row.stage.value) for row in archives(land, project)]
    assert told == [
        (ArchiveTrigger.STAGE, False, "LAND"),
        (ArchiveTrigger.STAGE, False, "PLANNING"),
        (ArchiveTrigger.PERIODIC, True, "PLANNING"),
        (ArchiveTrigger.MANUAL, True, "PLANNING"),
        (ArchiveTrigger.PERIODIC, True, "PLANNING"),
    ]


@pytest.mark.row(79)
def test_a_stage_that_goes_back_is_put_aside_again(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    record = permit(desk, project, 7006)
    night(land, 2027, 3, 2)
    night(land, job="handbook.archive")
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    night(land, 2027, 3, 3)
    night(land, job="handbook.archive")
    assert [row.stage.value for row in archives(land, project)] == ["PLANNING", "LAND"]
    (planning, _) = archives(land, project)
    assert [one[:7] for one in desk.ask(voided_since, "pdshen01", planning.id)] == ["用地规划许可证"]


@pytest.mark.row(79)
def test_an_open_draft_does_not_hold_up_an_archive(desk: Desk, texts: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    texts.begin(project, {"introduction": "草稿"})
    archive = archived(desk, project)
    content = open_archive(land.market.world.door, land.market.caller("pdshen01"), archive).content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert "草稿" not in package.read("handbook.json").decode()


@pytest.mark.row(79)
def test_a_signing_service_that_is_down_leaves_no_archive(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    house = land.market.world.door.house
    signing = house.crypto
    house.crypto = cast(Crypto, NoSigner())
    with pytest.raises(Unavailable):
        archived(desk, project)
    house.crypto = signing
    assert archives(land, project) == []
    archived(desk, project)
