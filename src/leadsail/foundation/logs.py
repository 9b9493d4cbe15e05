"""Structured logs: one JSON object a line on standard output, and nothing in it that must not be there.

Only the fields of `_ALLOWED` are written. A key, a phone number, a name or a transcript cannot slip into a log line
by being passed along, because an unknown field is replaced by a note that it was dropped.
"""

import logging
import sys
from typing import Any, cast

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from leadsail.foundation.clock import Clock

Logger = FilteringBoundLogger

_ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "process", "pid", "version",
        "request_id", "method", "route", "status", "ms", "tenant", "key", "scheme",
        "job", "job_id", "attempt", "queue", "kind", "code", "count", "seconds", "exit_code", "address", "port",
        "path", "error", "traceback", "interaction", "lead", "campaign", "drift_ms", "dropped",
    }
)  # fmt: skip


def _only_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if event.keys() <= _ALLOWED:
        return event
    kept = {key: value for key, value in event.items() if key in _ALLOWED}
    kept["dropped"] = sorted(event.keys() - _ALLOWED)
    return kept


def _failure_without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Where it happened and of what class, never the message: messages quote the values that they are about."""
    error = event.pop("exc", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        event["traceback"] = list(_places(error))
    return event


def _places(error: BaseException) -> list[str]:
    places = []
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/leadsail/')[2]}:{frame.tb_lineno} {code.co_name}")
        frame = frame.tb_next
    return places[-12:]


def _render(_: WrappedLogger, __: str, event: EventDict) -> bytes:
    return orjson.dumps(event, default=str)


def configure_logs(process: str, *, level: str = "INFO") -> Logger:
    """Set up logging for this process and answer its logger; `process` is a word such as `api`."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _failure_without_values,
            _only_allowed,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    _quieten_libraries()
    return cast(Logger, structlog.get_logger().bind(process=process))


class AccessLog:
    """The one line that every request leaves; written straight, because it is paid on every request.

    Its fields are fixed, so there is nothing to sift: no path (it may hold a search), no address, no body.
    """

    def __init__(self, process: str, clock: Clock, *, enabled: bool = True) -> None:
        self._process = process
        self._clock = clock
        self._out = structlog.BytesLogger(sys.stdout.buffer) if enabled else None

    def write(
        self, method: str, route: str, status: int, seconds: float, request_id: str, who: tuple[str, str] | None
    ) -> None:
        """`route` is a template; `who` the tenant's and the key's id, where a key was recognised."""
        if self._out is None:
            return
        tenant, key = who or (None, None)
        line = {
            "event": "request", "level": "info", "timestamp": self._clock.now(), "process": self._process,
            "method": method, "route": route, "status": status, "ms": round(seconds * 1000, 2),
            "request_id": request_id, "tenant": tenant, "key": key,
        }  # fmt: skip
        self._out.msg(orjson.dumps(line, option=orjson.OPT_UTC_Z))


class _ToStructlog(logging.Handler):
    """Passes on that a library complained and where, without its text, which may quote anything."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        fields: dict[str, Any] = {"logger": record.name, "path": f"{record.module}:{record.lineno}"}
        structlog.get_logger().log(record.levelno, "a library complained", **fields, exc=error)


def _quieten_libraries() -> None:
    root = logging.getLogger()
    root.handlers[:] = [_ToStructlog(level=logging.WARNING)]
    root.setLevel(logging.WARNING)
