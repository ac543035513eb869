"""Lines of the log: to standard error, as text or as JSON, each with the request id of the act it was written in."""

import json
import logging
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime

from deploy.outages import quiet_handler
from services.ports.trace import current_trace

_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s%(act)s"
_OURS = "shenfang"
#: Libraries that say at every call what is no news to an operator, and their level here.
_QUIET = {"httpx": "WARNING", "httpcore": "WARNING", "alembic": "WARNING", "fontTools": "WARNING", "uvicorn": "WARNING"}
#: That a job still runs when its next time comes is no matter for readers of the log.
_QUIETER = {"apscheduler": "ERROR"}


def set_up_logging(level: str = "INFO", form: str = "text") -> None:
    """Have every logger of the process write lines from a level on; called again, it replaces what was set before.

    A process that has handlers of its own, such as a test run, keeps them and its level.
    """
    root = logging.getLogger()
    if all(handler.name == _OURS for handler in root.handlers):
        handler = quiet_handler()
        handler.set_name(_OURS)
        handler.setLevel(level)
        handler.addFilter(_name_act)
        handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(_TEXT))
        root.handlers[:] = [handler]
        root.setLevel(level)
    for name, least in {**_QUIET, **_QUIETER}.items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(least), logging.getLevelName(level)))


def _name_act(record: logging.LogRecord) -> bool:
    trace = current_trace()
    request_id, trace_id = (trace.request_id, trace.trace_id) if trace else ("", "")
    record.__dict__.update(request_id=request_id, trace_id=trace_id, act=f" [{request_id}]" if request_id else "")
    return True


class JsonLines(logging.Formatter):
    """JSON, an object a line: `at` (UTC), `level`, `logger`, `message`, `request_id`, `trace_id`, `trace`.

    `trace` names the frames of an exception and its class; its text may hold values and stays out.
    """

    def format(self, record: logging.LogRecord) -> str:
        found = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            "request_id": getattr(record, "request_id", ""),
            "trace_id": getattr(record, "trace_id", ""),
            "exception": _frames(record),
        }
        return json.dumps({name: value for name, value in found.items() if value}, ensure_ascii=False)


def _frames(record: logging.LogRecord) -> str:
    problem = record.exc_info[1] if record.exc_info else None
    return "" if problem is None else _joined((*traceback.format_tb(problem.__traceback__), type(problem).__qualname__))


def _joined(lines: Iterable[str]) -> str:
    return "".join(lines).strip()
