"""The end of the program's own log, read back line by line. What has no form that this program writes is left out."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from optty_desktop.core.diagnosis import Unexpected
from optty_desktop.system.logs import LOG_NAME

READ_BYTES: Final = 64 * 1024
"""Some 400 calls: more than any report holds."""

_LINE: Final = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}),\d{3} [A-Z]+ ([a-z_.]+) (.*)", re.ASCII)
# Names of types, of Python files and of functions, with line numbers: what `logs.places` writes.
_UNEXPECTED: Final = re.compile(
    r"unexpected: (?P<kind>[A-Za-z_]\w{0,60}) at "
    r"(?P<places>unknown place|[\w-]+\.py:\d+ [\w<>]+(?: < [\w-]+\.py:\d+ [\w<>]+)*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line: when it was written (UTC), by which logger, and its words."""

    at: datetime
    logger: str
    words: str


def log_tail(folder: Path) -> list[LogLine]:
    """Return the last lines of the log in ``folder``, oldest first; none when there is no log that can be read."""
    try:
        with (folder / LOG_NAME).open("rb") as file:
            length = file.seek(0, os.SEEK_END)
            file.seek(max(0, length - READ_BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    # Of a line cut at its beginning nothing matches: every line begins with its time.
    return list(_lines(text))


def unexpected_in(line: LogLine) -> Unexpected | None:
    """Return the failure that a line of the log tells of; None for any other line."""
    found = _UNEXPECTED.fullmatch(line.words)
    return None if found is None else Unexpected(line.at, found["kind"], found["places"])


def _lines(text: str) -> Iterator[LogLine]:
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        try:
            local = datetime.fromisoformat(found[1])
            at = local.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        yield LogLine(at, found[2], found[3])
