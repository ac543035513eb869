"""Lines of the log: the request id of the act they were written in, JSON on request, no value an error carries."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.logs import set_up_logging
from services.engine.act_notes import acting
from services.ports.trace import current_trace, trace_of, traced

#: Made of two, so that the line of source in a trace does not hold it.
CARD = "31010119900101" + "1234"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@contextmanager
def written(level: str = "INFO", form: str = "text") -> Iterator[io.StringIO]:
    """What a process that set its log up writes to standard error; the loggers of the run are put back afterwards."""
    root, text = logging.getLogger(), io.StringIO()
    before, was = root.handlers[:], root.level
    kept = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "alembic", "fontTools", "uvicorn")}
    root.handlers[:] = []
    try:
        set_up_logging(level, form)
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(text)
        yield text
    finally:
        root.handlers[:] = before
        root.setLevel(was)
        for name, earlier in kept.items():
            logging.getLogger(name).setLevel(earlier)


def test_a_line_names_the_act_it_was_written_in() -> None:
    with written() as text:
        with acting(None, "action", "leases.file", "req-1"):
            logging.getLogger("shenfang.try").info("在办")
        logging.getLogger("shenfang.try").info("之后")
    first, second = text.getvalue().splitlines()
    assert first.endswith("INFO shenfang.try 在办 [req-1]")
    assert second.endswith("INFO shenfang.try 之后")


def test_json_lines_hold_the_frames_of_an_error_and_not_its_text() -> None:
    with written("INFO", "json") as text:
        log_twice()
    broken, slow = map(json.loads, text.getvalue().splitlines())
    assert broken["level"] == "ERROR"
    assert broken["exception"].endswith("ValueError")
    assert "log_twice" in broken["exception"]
    assert CARD not in text.getvalue()
    assert (slow["request_id"], slow["trace_id"], slow["message"]) == ("req-2", TRACE, "慢\n两行")


def log_twice() -> None:
    """An error whose text is personal, and a warning of two lines, both in an act."""
    try:
        with traced(begun=trace_of(f"00-{TRACE}-00f067aa0ba902b7-01")), acting(None, "query", "leases.read", "req-2"):
            raise ValueError(CARD)
    except ValueError:
        logging.getLogger("shenfang.try").exception("未能读取")
    with traced(begun=trace_of(f"00-{TRACE}-00f067aa0ba902b7-01")), acting(None, "query", "leases.read", "req-2"):
        logging.getLogger("shenfang.try").warning("慢\n两行")


def test_a_level_leaves_lower_lines_out() -> None:
    with written("ERROR") as text:
        logging.getLogger("shenfang.try").warning("不记")
        logging.getLogger("uvicorn").warning("不记")
        logging.getLogger("shenfang.try").error("记")
    assert len(text.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    "header", ["", "00-0-0-01", f"ff-{TRACE}-00f067aa0ba902b7-01", f"00-{'0' * 32}-00f067aa0ba902b7-01", "x" * 500]
)
def test_a_malformed_trace_of_a_stranger_begins_a_new_one(header: str) -> None:
    found = trace_of(header).trace_id
    assert len(found) == 32
    assert found not in {TRACE, "0" * 32}


def test_a_trace_is_carried_on_with_a_span_of_its_own() -> None:
    with traced(begun=trace_of(f"00-{TRACE}-00f067aa0ba902b7-01")), acting(None, "action", "leases.file", "req-3"):
        trace = current_trace()
        assert trace is not None
        version, trace_id, span, flags = trace.parent().split("-")
    assert (version, trace_id, flags) == ("00", TRACE, "01")
    assert span != "00f067aa0ba902b7"
    assert current_trace() is None


def test_a_process_with_handlers_of_its_own_keeps_them() -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    own = logging.NullHandler()
    root.addHandler(own)
    try:
        set_up_logging("ERROR", "json")
        assert root.handlers == [*before, own]
        assert root.level == level
    finally:
        root.removeHandler(own)
