"""Row 32: an information platform verifies on behalf of its publishers, fetches and cancels its own codes, reads the daily list."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.base import whole_row
from models.dialect import bulk_insert
from models.engine import Outgoing
from models.partners import PartnerKind
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import (
    CodeEnd,
    CodeState,
    PenaltyKind,
    RequesterKind,
    ShelfState,
    UncodedType,
    VerificationState,
)
from services.engine.callers import SYSTEM
from services.engine.refusals import NotFound, Rejected
from services.engine.work import Work
from services.verification.mandates import RecordPenalty, record_penalty
from services.verification.orders import OfCode, Requester
from services.verification.partner_calls import CodeAct, PublishCode, WhatToDo, act_on_code, publish_code
from services.verification.partner_orders import (
    AskEnded,
    AskVerification,
    ItemAnswer,
    ListingLine,
    SubmitListings,
    ask_verification,
    ended_codes,
    submit_listings,
)
from services.verification.shelf import cancel_code
from tests.services.tenancy.counter import Flat
from tests.services.verification.firm import BROKER, OTHER_PLATFORM, PLATFORM, Firms

APP, OTHER_APP = "pt-test", "pt-other"


@pytest.fixture(autouse=True)
def registered(firms: Firms) -> None:
    """Both platforms' systems, once."""
    if not firms.world.read(lambda work: work.session.exec(select(VerificationCode.id).limit(1)).first()):
        firms.register(APP, PartnerKind.PLATFORM, PLATFORM, "listings")
        firms.register(OTHER_APP, PartnerKind.PLATFORM, OTHER_PLATFORM, "listings")


def _line(firms: Firms, flat: Flat, **changes: Any) -> ListingLine:
    owner = flat.owners[0]
    number = f"ZF-{flat.code[-6:]}-{firms.world.door.clock.now():%H%M%S%f}"
    values: dict[str, Any] = {
        "request_no": number,
        "cert_no": flat.cert_no,
        "owner_name": owner.name,
        "owner_id": owner.id_no,
        "rent": Decimal(5000),
        "principal_kind": RequesterKind.OWNER,
        "principal_no": owner.id_no,
        "publisher_name": owner.name,
        "publisher_address": "测试路1号",
        "publisher_contact": "13800001234",
        "mandate_no": number,
        "mandate_from": firms.today,
        "mandate_to": firms.today + timedelta(days=90),
    }
    return ListingLine(**values | changes)


def _submit(firms: Firms, line: ListingLine) -> ItemAnswer:
    return firms.world.door.perform(submit_listings, firms.system(APP, PLATFORM), SubmitListings((line,)))[0]


def _codes(firms: Firms, line: ListingLine) -> tuple[str, ...]:
    """Submit and check; the rules that failed."""
    answer = _submit(firms, line)
    assert answer.accepted, answer
    firms.run("verification.check")
    told = firms.world.door.ask(ask_verification, firms.system(APP, PLATFORM), AskVerification(line.request_no))
    return tuple(sorted({one.code for one in told.reasons}))


def _passed(firms: Firms, flat: Flat) -> str:
    line = _line(firms, flat)
    answer = _submit(firms, line)
    firms.run("verification.check")
    assert firms.code(answer.code_no).state is CodeState.VALID
    return answer.code_no


@pytest.mark.row(32)
def test_a_home_is_verified_on_behalf_and_the_publisher_is_kept_three_years(firms: Firms) -> None:
    flat = firms.flat()
    line = _line(firms, flat)
    answer = _submit(firms, line)
    firms.run("verification.check")
    told = firms.world.door.ask(ask_verification, firms.system(APP, PLATFORM), AskVerification(line.request_no))
    assert (told.state, told.code_no) == (VerificationState.PASSED, answer.code_no)
    row = firms.request(firms.code(answer.code_no).verification_id)
    assert row.keep_until == date(2030, 3, 1)
    assert isinstance(row.form, Sealed)
    assert "测试路1号" in row.form.plain
    sent = firms.world.read(lambda work: work.session.exec(select(Outgoing.system)).all())
    assert "listing_platform" in sent


@pytest.mark.row(32)
def test_the_principals_mandate_must_be_there(firms: Firms) -> None:
    assert _codes(firms, _line(firms, firms.flat(), mandate_no="")) == ("V04",)


@pytest.mark.row(32)
@pytest.mark.parametrize("missing", ["publisher_name", "publisher_address", "publisher_contact"])
def test_the_publisher_is_named_with_address_and_contact(firms: Firms, missing: str) -> None:
    assert _codes(firms, _line(firms, firms.flat(), **{missing: ""})) == ("V12",)


@pytest.mark.row(32)
def test_a_firm_that_publishes_names_its_record_and_its_practitioner(firms: Firms) -> None:
    firm: dict[str, Any] = {
        "principal_kind": RequesterKind.BROKERAGE,
        "principal_no": BROKER,
        "publisher_name": "安居经纪有限公司",
    }
    assert _codes(firms, _line(firms, firms.flat(), **firm)) == ("V12",)
    whole = firm | {"publisher_record_no": "沪房经备徐字第00202号", "card_no": "SH26000000015"}
    assert _codes(firms, _line(firms, firms.flat(), **whole)) == ()


@pytest.mark.row(32)
def test_of_a_platforms_listing_the_penalties_of_the_publisher_count(firms: Firms) -> None:
    owner_flat = firms.flat()
    barred = owner_flat.owners[0].id_no
    days = [firms.today - timedelta(days=back) for back in (700, 300, 10)]
    for day in days:
        order = RecordPenalty(barred, PenaltyKind.PENALTY, day, "发布虚假房源")
        firms.world.door.perform(record_penalty, SYSTEM, order)
    assert _codes(firms, _line(firms, owner_flat)) == ("V11",)
    firms.world.let_pass(days=60)
    # The first lies more than two years back now.
    assert _codes(firms, _line(firms, owner_flat)) == ()


@pytest.mark.row(32)
def test_a_platform_cancels_its_own_codes_only_and_twice_changes_nothing(firms: Firms) -> None:
    code_no = _passed(firms, firms.flat())
    cancel = CodeAct(code_no, WhatToDo.CANCEL)
    with pytest.raises(Rejected) as refused:
        firms.world.door.perform(act_on_code, firms.system(OTHER_APP, OTHER_PLATFORM), cancel)
    assert [one.code for one in refused.value.findings] == ["NOT_YOURS"]
    for _ in range(2):
        assert firms.world.door.perform(act_on_code, firms.system(APP, PLATFORM), cancel).verdict == "pass"
    assert firms.code(code_no).state is CodeState.CANCELLED


@pytest.mark.row(32)
def test_another_platforms_code_is_not_found(firms: Firms) -> None:
    code_no = _passed(firms, firms.flat())
    with pytest.raises(NotFound):
        firms.world.door.ask(
            ask_verification, firms.system(OTHER_APP, OTHER_PLATFORM), AskVerification(code_no=code_no)
        )


@pytest.mark.row(32)
def test_the_owner_may_withdraw_a_code_that_a_platform_obtained(firms: Firms) -> None:
    flat = firms.flat()
    code_no = _passed(firms, flat)
    owner = Requester(RequesterKind.OWNER, flat.owners[0].id_no)
    assert firms.world.door.perform(cancel_code, SYSTEM, OfCode(code_no, owner)).verdict == "pass"
    assert firms.code(code_no).end_reason is CodeEnd.WITHDRAWN


@pytest.mark.row(32)
def test_a_listing_that_is_not_kept_up_for_thirty_days_goes_off(firms: Firms) -> None:
    code_no = _passed(firms, firms.flat())
    system = firms.system(APP, PLATFORM)
    order = PublishCode(code_no=code_no, rent=Decimal(5000), address_public="浦东新区附近")
    assert firms.world.door.perform(publish_code, system, order).shelf == "ON"
    firms.world.let_pass(days=20)
    firms.world.door.perform(act_on_code, system, CodeAct(code_no, WhatToDo.MAINTAIN))
    firms.world.let_pass(days=30)
    firms.run("verification.stale")
    assert firms.code(code_no).shelf is ShelfState.ON
    firms.world.let_pass(days=1)
    firms.run("verification.stale")
    code = firms.code(code_no)
    assert (code.shelf, code.state) == (ShelfState.OFF, CodeState.VALID)


@pytest.mark.row(32)
def test_a_home_of_a_type_without_codes_is_published_under_its_label(firms: Firms) -> None:
    """V10: resettlement and homestead homes carry their type instead of a code; a code that is named must be valid."""
    system = firms.system(APP, PLATFORM)

    def answered(code_no: str | None = None, home_type: UncodedType | None = None) -> tuple[str, tuple[str, ...], str]:
        order = PublishCode(code_no=code_no, rent=Decimal(3000), address_public="浦东新区附近", home_type=home_type)
        told = firms.world.door.perform(publish_code, system, order)
        return told.verdict, told.codes, told.shelf

    assert answered() == ("fail", ("V10",), "NONE")
    for label in UncodedType:
        assert answered(None, label) == ("pass", (), "NONE")
    assert answered("310115270100000000", UncodedType.HOMESTEAD) == ("fail", ("V08",), "NONE")


@pytest.mark.row(32)
def test_a_daily_list_of_ten_thousand_codes_is_read_page_by_page(firms: Firms) -> None:
    model = firms.request(firms.code(_passed(firms, firms.flat())).verification_id)
    day = date(2027, 2, 1)
    table: sa.Table = VerificationCode.__table__  # type: ignore[attr-defined]

    def end_many(work: Work) -> None:
        rows = [
            whole_row(
                VerificationCode,
                code_no=f"3101152702{number:08d}",
                verification_id=model.id,
                holder_kind=RequesterKind.OWNER,
                holder_no=Sealed.of("310101199901010018"),
                state=CodeState.INVALID,
                end_reason=CodeEnd.FILED,
                ended_on=day,
                public={},
                district_code="310115",
            )
            for number in range(10_000)
        ]
        bulk_insert(work.session, table, seal_rows(work.sealer, table, rows))

    firms.world.act(end_many)
    found: list[str] = []
    sizes: list[int] = []
    after = ""
    while True:
        page = firms.world.door.ask(ended_codes, firms.system(OTHER_APP, OTHER_PLATFORM), AskEnded(day, after))
        found += [one.code_no for one in page.codes]
        sizes.append(len(page.codes))
        if not (after := page.next):
            break
    assert sizes == [1_000] * 10
    assert found == [f"3101152702{number:08d}" for number in range(10_000)]


@pytest.mark.row(32)
def test_a_home_is_not_taken_in_under_a_number_used_for_another(firms: Firms) -> None:
    line = _line(firms, firms.flat())
    assert _submit(firms, line).accepted
    answer = _submit(firms, replace(line, rent=Decimal(6000)))
    assert not answer.accepted


@pytest.mark.row(32)
def test_keep_until_is_kept_for_platforms_only(firms: Firms) -> None:
    given = firms.submit(firms.home(firms.flat()))
    row: ListingVerification = firms.request(given.id)
    assert row.keep_until is None
