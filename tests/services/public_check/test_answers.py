"""What a paper is worth on a day."""

from datetime import date
from typing import Any

import pytest

from models.documents import PaperKind, PaperState
from models.tenancy_codes import FilingState
from services.public_check.answers import PublicAnswer, Standing, lines, verdict

FROM, TO = date(2026, 7, 1), date(2027, 6, 30)
ENDED = date(2026, 9, 9)


def answer(**changes: Any) -> PublicAnswer:
    values: dict[str, Any] = {
        "kind": PaperKind.FILING_NOTICE,
        "title": "住房租赁合同备案通知书",
        "number": "BA1",
        "issued_on": date(2026, 6, 30),
        "digest": "ab" * 32,
        "state": PaperState.VALID,
        "public": {
            "unit": "花木街道社区事务受理服务中心",
            "parties": [["出租人", "王**"], ["承租人", "欧**"], ["承租人", "李**"]],
        },
        "filing_state": FilingState.ACTIVE,
        "valid_from": FROM,
        "valid_to": TO,
    }
    return PublicAnswer(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "today", "standing", "since"),
    [
        ({}, date(2026, 7, 1), Standing.VALID, FROM),
        ({}, TO, Standing.VALID, FROM),
        ({}, date(2027, 7, 1), Standing.EXPIRED, date(2027, 7, 1)),
        ({"filing_state": FilingState.EXPIRED}, TO, Standing.EXPIRED, date(2027, 7, 1)),
        ({"filing_state": FilingState.CANCELLED, "ended_on": ENDED}, date(2026, 10, 1), Standing.CANCELLED, ENDED),
        ({"filing_state": FilingState.CANCELLED, "ended_on": ENDED}, date(2030, 1, 1), Standing.CANCELLED, ENDED),
        ({"filing_state": FilingState.REPLACED, "ended_on": ENDED}, date(2026, 10, 1), Standing.REPLACED, ENDED),
        ({"filing_state": FilingState.REVOKED, "ended_on": ENDED}, date(2026, 10, 1), Standing.REVOKED, ENDED),
        ({"filing_state": FilingState.FROZEN}, date(2026, 10, 1), Standing.FROZEN, None),
        (
            {"state": PaperState.REPLACED, "public": {"replaced_on": "2026-08-01"}},
            TO,
            Standing.REPLACED,
            date(2026, 8, 1),
        ),
        ({"kind": PaperKind.CONTRACT}, date(2027, 7, 1), Standing.EXPIRED, date(2027, 7, 1)),
        ({"filing_state": None, "valid_to": None}, date(2030, 1, 1), Standing.VALID, date(2026, 6, 30)),
    ],
)
def test_a_paper_follows_its_filing_and_the_calendar(
    changes: dict[str, Any], today: date, standing: Standing, since: date | None
) -> None:
    told = verdict(answer(**changes), today)
    assert (told.standing, told.since) == (standing, since)


@pytest.mark.parametrize("kind", [PaperKind.CANCEL_NOTICE, PaperKind.QUERY_RESULT, PaperKind.RECEIPT])
def test_a_paper_about_one_day_stays_true_when_the_filing_ends(kind: PaperKind) -> None:
    ended = answer(kind=kind, filing_state=FilingState.CANCELLED, ended_on=ENDED)
    assert verdict(ended, date(2030, 1, 1)).standing is Standing.VALID


def test_every_state_of_a_filing_has_an_answer() -> None:
    standings = {verdict(answer(filing_state=state), TO).standing for state in FilingState}
    assert len(standings) == len(FilingState)


def test_the_lines_name_each_side_once_and_only_what_is_known() -> None:
    shown = dict(lines(answer()))
    assert shown["承租人"] == "欧**、李**"
    assert shown["备案有效期"] == "2026年7月1日 至 2027年6月30日"
    assert "房屋坐落" not in shown


def test_a_paper_without_a_filing_shows_the_term_it_was_issued_with() -> None:
    public = {"unit": "x", "valid_from": "2026-07-01", "valid_to": "2026-12-31"}
    shown = dict(lines(answer(filing_state=None, valid_from=None, valid_to=None, public=public)))
    assert shown["备案有效期"] == "2026年7月1日 至 2026年12月31日"
