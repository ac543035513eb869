"""Row 85: programs, rights, data and papers: signed, sealed, and found out when changed, on the cloud's crypto services."""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from deploy import launch
from deploy.commands import release
from deploy.settings import Settings
from models.access import Account
from models.audit import AuditCheckpoint, AuditEvent
from models.columns import new_id
from models.documents import IssuedDocument
from models.integrity import IntegrityFault
from models.rights import AccessList
from models.sealing import CryptoError, aad, sm3
from services.access.access_list_signature import check_list, sign_pending
from services.access.acl import why_not
from services.audit.checkpoints import checkpoint
from services.audit.sources import DatabaseSource
from services.audit.verification import verify
from services.audit.verification_runs import own_keys
from services.documents.attachments import KeepAttachment, keep_attachment
from services.documents.stored_papers import open_paper
from services.engine.refusals import Conflict
from services.integrity.nightly_scan import check_rows
from services.tenancy.contract_views import contract_view
from tests.cloud import CloudWorld, cloud_world
from tests.deploy.trees import no_house
from tests.files_made import png
from tests.scan import LEAST_ROUNDS
from tests.services.tenancy.counter import LI, Counter, Filed

pytestmark = pytest.mark.row(85)


@pytest.fixture(scope="module")
def cloud(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudWorld]:
    with cloud_world(database_url, tmp_path_factory.mktemp("row85"), houses=True) as running:
        running.world.stand_at(2027, 3, 1)
        yield running


@pytest.fixture(scope="module")
def filed(cloud: CloudWorld) -> Filed:
    """A filing whose papers are drawn and signed."""
    counter = Counter(cloud.world)
    done = counter.filed()
    counter.run("papers.render")
    return done


# Programs


@pytest.mark.proves("M4", "H72", "H73")
def test_a_program_runs_only_as_it_was_signed(tmp_path: Path) -> None:
    root, data = tmp_path / "app", tmp_path / "data"
    (root / "deploy").mkdir(parents=True)
    shutil.copy(launch.ROOT / "deploy" / "launch.py", root / "deploy" / "launch.py")
    (root / "main.py").write_text("print('ran')\n", encoding="utf-8")
    assert ordered(data, "keygen", "--out", str(tmp_path / "key")) == 0
    sign = ("sign", "--root", str(root), "--key", str(tmp_path / "key" / "release.key"), "--version", "1.0")
    assert ordered(data, *sign, "--build", "2") == 0
    assert started(root, data) == (0, "ran\n")
    (root / "extra.py").write_text("print('planted')\n", encoding="utf-8")
    assert started(root, data) == (78, "")
    (root / "extra.py").unlink()
    (root / "main.py").write_text("print('ran otherwise')\n", encoding="utf-8")
    assert started(root, data) == (78, "")
    assert ordered(data, *sign, "--build", "1") == 0
    assert started(root, data) == (78, "")


@pytest.mark.proves("M4", "H73")
def test_a_program_is_signed_by_the_cloud_whose_key_never_leaves_it(cloud: CloudWorld, tmp_path: Path) -> None:
    root, data = tmp_path / "app", tmp_path / "data"
    (root / "deploy").mkdir(parents=True)
    shutil.copy(launch.ROOT / "deploy" / "launch.py", root / "deploy" / "launch.py")
    (root / "main.py").write_text("print('ran')\n", encoding="utf-8")
    sign = ("sign", "--root", str(root), "--version", "1.0", "--build", "1", "--service")
    assert ordered(data, *sign, "sig.unknown", cloud=cloud) != 0
    assert not (root / launch.MANIFEST).exists()
    assert ordered(data, *sign, "sig.release", cloud=cloud) == 0
    assert started(root, data) == (0, "ran\n")
    (root / "main.py").write_text("print('ran otherwise')\n", encoding="utf-8")
    assert started(root, data) == (78, "")
    # The runtime's own keys are none of a release: what the application can have signed does not start.
    assert all(key.family != "sig.release" for key in cloud.provider.keys(""))


def ordered(data: Path, *order: str, cloud: CloudWorld | None = None) -> int:
    parser = argparse.ArgumentParser()
    release.arguments(parser)
    settings = Settings(data_dir=data)
    if cloud is not None:
        service = cloud.cloud.service
        settings.crypto_url, settings.crypto_client_id = service.url, service.client_id
        settings.crypto_secret_file = cloud.cloud.secret_file
    return release.run(settings, parser.parse_args(order), no_house)


def started(root: Path, data: Path) -> tuple[int, str]:
    command = [sys.executable, "-I", "-B", str(root / "deploy" / "launch.py")]
    environment = {"MODE": "production", "DATA_DIR": str(data), "PATH": ""}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in told.stderr
    return told.returncode, told.stdout


# Rights


@pytest.mark.proves("M5", "H71")
def test_the_access_list_is_signed_by_the_cloud_and_a_right_written_past_it_counts_for_nothing(
    cloud: CloudWorld,
) -> None:
    sign_pending(cloud.world.door)
    newest = select(AccessList).order_by(col(AccessList.version).desc()).limit(1)
    signed = cloud.world.read(lambda work: work.session.exec(newest).one())
    assert cloud.provider.verify(signed.signature_key, signed.body.encode(), signed.signature)
    assert check_list(cloud.world.door, every_signature=True).problems == ()

    def clerk() -> Account:
        found: Account = cloud.world.read(
            lambda work: work.session.exec(select(Account).where(Account.login == "huamu01")).one()
        )
        return found

    assert cloud.world.read(lambda work: why_not(work.session, clerk().id, work.at)) == ""
    table = SQLModel.metadata.tables["account_role"]
    columns = sa.select(table).where(table.c.account_id == clerk().id)
    with cloud.world.door.database.engine.connect() as connection:
        row = dict(connection.execute(columns).mappings().first() or {})
    cloud.past_us(table.insert().values(**{**row, "id": new_id(), "role": "CITY_BUREAU", "scope_kind": "CITY"}))
    assert cloud.world.read(lambda work: why_not(work.session, clerk().id, work.at)) == "ACCOUNT_DIFFERS"
    assert check_list(cloud.world.door).problems != ()
    cloud.past_us(table.delete().where(table.c.account_id == clerk().id, table.c.role == "CITY_BUREAU"))
    assert check_list(cloud.world.door).problems == ()


# Data


@pytest.mark.proves("M7", "H66")
def test_nothing_personal_no_password_and_no_paper_is_stored_in_clear(cloud: CloudWorld, filed: Filed) -> None:
    clerk = cloud.world.caller("huamu01")
    picture = png()
    cloud.world.door.perform(keep_attachment, clerk, KeepAttachment("委托书", "陈晓明的委托书.png", picture))
    stored = cloud.stored()
    for secret in (filed.landlord.id_no, filed.landlord.name, LI.id_no, LI.name, "陈晓明的委托书", "%PDF-1.", "\rIHDR"):
        assert secret not in stored, secret
    assert "$pbkdf2" not in stored
    assert f"p1:{LEAST_ROUNDS}:" not in stored
    assert stored.count("e1:dek.pii.") > 10
    assert stored.count("e1:dek.auth.") > 10
    # The keys are the cloud's; nothing of them lies with us.
    assert cloud.provider.key_ring() == cloud.cloud.simulator.provider.key_ring()


@pytest.mark.proves("M7", "H66")
def test_a_sealed_value_in_another_row_opens_for_nobody(cloud: CloudWorld, filed: Filed) -> None:
    table = SQLModel.metadata.tables["contract_party"]
    asked = sa.select(table.c.id, table.c.id_no).where(table.c.contract_id == filed.contract_id)
    with cloud.world.door.database.engine.connect() as connection:
        (one, first), (other, _), *_ = connection.execute(asked).all()
    token, sealer = first.token, cloud.world.door.house.sealer
    assert sealer.open(token, aad("contract_party", "id_no", one)) in {filed.landlord.id_no, LI.id_no}
    for place in (aad("contract_party", "id_no", other), aad("contract_party", "name", one)):
        with pytest.raises(CryptoError, match="AUTH_FAILED"):
            sealer.open(token, place)


# Papers, log, rows


@pytest.mark.proves("M6")
def test_a_paper_is_signed_by_the_cloud_and_a_changed_one_is_not_vouched_for(cloud: CloudWorld, filed: Filed) -> None:
    papers = cloud.world.read(lambda work: work.session.exec(select(IssuedDocument)).all())
    mine = next(paper for paper in papers if paper.filing_id == filed.filing_id and paper.content is not None)
    content = open_paper(cloud.world.door, cloud.world.caller("huamu01"), mine.id).content or b""
    assert content.startswith(b"%PDF")
    assert sm3(content).hex() == mine.digest
    assert cloud.provider.verify(mine.signature_key, sm3(content), mine.signature)
    assert not cloud.provider.verify(mine.signature_key, sm3(content + b" "), mine.signature)


@pytest.mark.proves("M6", "H68", "D10")
def test_the_log_is_chained_and_signed_by_the_cloud_and_a_changed_entry_is_named(
    cloud: CloudWorld, filed: Filed
) -> None:
    checkpoint(cloud.world.door, at_once=True)
    source = DatabaseSource(cloud.world.door.database.url)
    whole = verify(source, own_keys(cloud.provider))
    assert whole.ok
    assert whole.checkpoints > 0
    kept = cloud.world.read(lambda work: work.session.exec(select(AuditCheckpoint)).all())
    assert all(cloud.provider.verify(one.key, one.statement.encode(), one.signature) for one in kept)
    spoilt = next(
        event
        for event in cloud.world.read(lambda work: work.session.exec(select(AuditEvent)).all())
        if event.act == "tenancy.file"
    )
    changed(cloud, spoilt.seq, spoilt.body.replace('"res":"ok"', '"res":"no"'))
    fault = verify(source, own_keys(cloud.provider)).fault
    assert fault is not None
    assert (fault.seq, fault.code) == (spoilt.seq, "HASH")
    changed(cloud, spoilt.seq, spoilt.body)
    assert verify(source, own_keys(cloud.provider)).ok


def changed(cloud: CloudWorld, seq: int, body: str) -> None:
    event = SQLModel.metadata.tables["audit_event"]
    cloud.past_us(event.update().where(event.c.seq == seq).values(body=body), triggers_off="audit_event")


@pytest.mark.proves("M6", "H65")
def test_sign_in_data_and_business_rows_changed_by_sql_are_found_and_locked(cloud: CloudWorld, filed: Filed) -> None:
    contract, account = SQLModel.metadata.tables["lease_contract"], SQLModel.metadata.tables["account"]
    clerk = cloud.world.caller("huamu01")
    assert cloud.world.door.ask(contract_view, clerk, filed.contract_id)
    cloud.past_us(contract.update().where(contract.c.id == filed.contract_id).values(month_rent=1))
    with pytest.raises(Conflict, match="完整性"):
        cloud.world.door.ask(contract_view, clerk, filed.contract_id)
    cloud.past_us(account.update().where(account.c.login == "longhua01").values(failures=0, window="9"))
    check_rows(cloud.world.door)
    faults = cloud.world.read(lambda work: work.session.exec(select(IntegrityFault)).all())
    found = {(fault.table_name, fault.row_id) for fault in faults}
    assert ("lease_contract", filed.contract_id) in found
    assert any(table == "account" for table, _ in found)
