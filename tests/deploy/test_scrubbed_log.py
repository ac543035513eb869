"""Log lines that leave the installation keep what the program says and lose what it says it about (D23)."""

import json

import pytest

from deploy.scrubbed_log import MASK, scrubbed

LOGINS = {"huamu01"}


def one(line: str) -> str:
    (told,) = scrubbed([line], LOGINS)
    return told


@pytest.mark.parametrize(
    "secret",
    [
        "310115199001011234",
        "13812345678",
        "赵铁柱",
        # Parts of words that the program says, and an address of its examples.
        "据库没",
        "浦东新区世纪大道",
        "huamu01",
        "10.20.30.40",
        "eyJhbGciOiJTTTIifQ.abcDEF123",
        "postgresql://shenfang:pass@db01/shenfang",
        "q1.d.3f9a7c5512ab90ef",
        "password=Abc12345",
        "li.min@example.gov",
        "/var/lib/shenfang/exports/赵铁柱.xlsx",
    ],
)
def test_a_value_is_masked_wherever_it_stands(secret: str) -> None:
    told = one(f"2026-11-29 10:00:01,123 WARNING shenfang.outbox 待发消息 {secret} 没有送达")
    assert told.startswith("2026-11-29 10:00:01,123 WARNING shenfang.outbox 待发消息")
    assert MASK in told
    assert not any(part in told for part in (secret, secret[:8]) if len(part) > 2)


def test_time_level_logger_and_request_stay() -> None:
    line = f"2026-11-29 10:00:01,123 ERROR shenfang.door database does not answer: OperationalError [{'0f' * 16}]"
    assert one(line) == line


@pytest.mark.parametrize(
    "words", ["数据库已恢复应答，中断约 4 秒；上次以来失败 7 次", "只读副本没有应答（OperationalError）"]
)
def test_what_an_outage_says_stays(words: str) -> None:
    line = f"2026-11-29 10:00:01,123 WARNING shenfang.database {words}"
    assert one(line) == line


def test_an_exception_keeps_its_kind_and_place_and_loses_its_words() -> None:
    lines = [
        "Traceback (most recent call last):",
        '  File "/opt/shenfang/services/engine/door.py", line 12, in perform',
        "    raise ValueError(赵铁柱)",
        "ValueError: 赵铁柱 310115199001011234",
    ]
    told = list(scrubbed(lines, LOGINS))
    assert told[1] == "  services/engine/door.py:12 perform"
    assert told[2:] == [f"    {MASK}", f"ValueError: {MASK}"]


def test_a_line_of_json_keeps_its_fields_and_masks_its_message() -> None:
    line = {"at": "2026-11-29T02:00:01Z", "level": "INFO", "logger": "shenfang", "message": "核验 赵铁柱", "else": "x"}
    told = json.loads(one(json.dumps(line, ensure_ascii=False)))
    assert told == {name: line[name] for name in ("at", "level", "logger")} | {"message": f"核验 {MASK}"}
