"""The relay's log: one JSON object a line, made of facts that are allowed there. Never a path, a body or a person."""

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

_ALLOWED: Final = frozenset(
    {"merchant", "shop", "till", "seq", "kind", "reason", "count", "bytes", "address", "error", "version"}
)

_logger = logging.getLogger("optty_desktop.relay")


@contextmanager
def writing_to(stream: TextIO) -> Iterator[None]:
    """Write to ``stream`` in this block, and let no library write there."""
    kept = _logger.handlers, _logger.level, _logger.propagate
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Line())
    _logger.handlers = [handler]
    _logger.setLevel(logging.INFO)
    _logger.propagate = False
    try:
        yield
    finally:
        _logger.handlers, level, _logger.propagate = kept
        _logger.setLevel(level)


def note(event: str, **facts: str | int) -> None:
    """Write down what happened. A fact that is not allowed in the log is left out."""
    _logger.info(event, extra={"facts": _allowed(facts)})


def alarm(event: str, **facts: str | int) -> None:
    """Write down what a person should look at."""
    _logger.warning(event, extra={"facts": _allowed(facts)})


def places(error: BaseException) -> str:
    """The type of an error and the lines it passed through, without its message and without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {where or 'unknown place'}"


def _allowed(facts: dict[str, str | int]) -> dict[str, str | int]:
    return {name: fact for name, fact in facts.items() if name in _ALLOWED}


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        level = "alarm" if record.levelno >= logging.WARNING else "note"
        return json.dumps({"at": at, "level": level, "event": record.getMessage(), **getattr(record, "facts", {})})
