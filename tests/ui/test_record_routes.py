"""Kept records over HTTP: JSON, paper and attachments for who is signed in and sees them, 404 for everybody else."""

from uuid import UUID, uuid4

import httpx
import pytest

from models.companies import GroupCompany
from models.documents import Attachment, FileState
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Save
from services.engine.kinds import kind_named
from services.records.attachments import AttachFile, attach_file
from tests.files_made import pdf, png
from tests.market import Market, market
from tests.ui.people import Crowd
from tests.world import World


@pytest.fixture
def standing(world: World) -> Market:
    return market(world)


def drafted(standing: Market, content: bytes) -> tuple[Begun, UUID]:
    """A draft of a parcel with a file, by somebody of 浦东."""
    caller, door = standing.caller("pdchu01"), standing.world.door
    begun: Begun = door.perform(acts("parcel").begin, caller, Begin(values={"parcel_name": "滨江一号地块"}))
    slot = kind_named("parcel").slots[0].name
    kept = door.perform(attach_file, caller, AttachFile(begun.revision_id, slot, "成交确认书.bin", content))
    order = Save(begun.revision_id, begun.version, {"parcel_name": "滨江一号地块"}, {}, {slot: [kept.id]})
    door.perform(acts("parcel").save, caller, order)
    return begun, kept.id


async def test_records_are_read_as_json_by_who_sees_them(standing: Market, crowd: Crowd) -> None:
    row = standing.row(GroupCompany, standing.ids["G-1"])
    browser = await crowd.browser("shichu01")
    schema = (await browser.get("/records/group_company/schema")).json()
    assert schema["title"] == "集团公司"
    page = (await browser.get("/records/group_company", params={"text": row.name, "size": "10"})).json()
    assert [line["id"] for line in page["records"]] == [str(row.id)]
    answer = (await browser.get(f"/records/group_company/{row.id}")).json()
    assert answer["values"]["name"] == row.name
    assert row.legal_representative.plain not in str(answer)
    for address in ("/records/nothing", "/records/nothing/schema", f"/records/group_company/{uuid4()}"):
        assert (await browser.get(address)).status_code == 404
    for query in ({"sort": "id;--"}, {"page": "x"}, {"size": "1000"}, {"nothing": "1"}):
        assert (await browser.get("/records/group_company", params=query)).status_code == 422
    clerk = await crowd.browser("huamu01")
    assert (await clerk.get("/records/group_company")).status_code == 403
    rival = await crowd.browser("jianghai01")
    assert (await rival.get(f"/records/group_company/{row.id}")).status_code == 404


async def test_a_visitor_reads_nothing(standing: Market, visitor: httpx.AsyncClient) -> None:
    for address in ("/records/group_company", "/records/group_company/schema", f"/records/file/{uuid4()}"):
        assert (await visitor.get(address)).status_code == 401


async def test_a_sheet_is_printed_and_audited_for_who_sees_the_version(standing: Market, crowd: Crowd) -> None:
    begun, _ = drafted(standing, png())
    browser = await crowd.browser("pdchu01")
    answer = await browser.get(f"/records/print/{begun.revision_id}.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert (await browser.get("/records/print/x.pdf")).status_code == 404
    other = await crowd.browser("xhshen01")
    assert (await other.get(f"/records/print/{begun.revision_id}.pdf")).status_code == 404


@pytest.mark.parametrize(("content", "kind"), [(pdf(), "application/pdf"), (png(), "image/png")], ids=["pdf", "png"])
async def test_a_file_is_shown_once_it_was_found_clean(
    standing: Market, crowd: Crowd, content: bytes, kind: str
) -> None:
    _, file_id = drafted(standing, content)
    browser = await crowd.browser("pdchu01")
    answer = await browser.get(f"/records/file/{file_id}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-disposition"].startswith("attachment;")
    standing.world.rewrite(Attachment, Attachment.id == file_id, state=FileState.CLEAN)
    answer = await browser.get(f"/records/file/{file_id}")
    assert answer.headers["content-disposition"].startswith("inline;")
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    other = await crowd.browser("xhshen01")
    assert (await other.get(f"/records/file/{file_id}")).status_code == 404
