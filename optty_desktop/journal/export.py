"""The whole journal as a text that people and other programs can read: JSON Lines, UTF-8.

The first line is about the file, each other line is one row: ``record`` names its kind (link, operation, event).
Amounts are decimal texts beside their currency, times are ISO 8601 in UTC.
"""

import base64
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from optty_desktop.core.errors import KeptForRecord
from optty_desktop.core.held_links import HELD_URL
from optty_desktop.core.money import Money
from optty_desktop.journal.columns import moment
from optty_desktop.journal.copies import keep_copy, partial_of
from optty_desktop.journal.private_files import FILE_MODE

_TABLES: Final = {
    "link": "SELECT * FROM links ORDER BY created_at, invoice_number",
    "operation": "SELECT * FROM operations ORDER BY requested_at, sequence",
    "event": "SELECT * FROM events ORDER BY at, sequence",
}
_CONTACTS: Final = frozenset({"email", "phone", "body"})
"""Columns with contacts in them: the body of a create repeats the customer's."""

_KEPT_ENDINGS: Final = (".journal", "-wal", "-shm", "-journal", ".seal", ".suspect", ".set-aside", ".ballast")
"""How the files of a journal are called."""

_YES_OR_NO: Final = frozenset({"email_customer", "allows_tip", "is_withdrawn"})


def write_export(copy: Path, path: Path, at: datetime, *, with_contacts: bool) -> None:
    """Write what the closed journal file ``copy`` holds to ``path``, readable by its owner alone, whole or not at all.

    Rows that this program cannot make sense of are written as they stand. Raises sqlite3.Error, OSError.
    """
    partial = partial_of(path)
    partial.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection,
            open(partial, "x", encoding="utf-8", newline="\n", opener=_private) as file,
        ):
            for line in _lines(connection, at, with_contacts):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        keep_copy(path)
    finally:
        partial.unlink(missing_ok=True)


def refuse_place(folder: Path, path: Path) -> None:
    """Raise KeptForRecord where ``path`` lies in the folder of the journals or is called like a part of one.

    Raises OSError.
    """
    place = path.resolve()
    # By what they are, not by their names: a disk may hold one folder under names in small and large letters.
    is_inside = any(parent.exists() and parent.samefile(folder) for parent in place.parents)
    if is_inside or place.name.casefold().endswith(_KEPT_ENDINGS):
        raise KeptForRecord("a place or a name of the record")


def _private(path: str, flags: int) -> int:
    # Without chmod, which memory sticks refuse: their file systems know no owners.
    return os.open(path, flags, FILE_MODE)


def _lines(connection: sqlite3.Connection, at: datetime, with_contacts: bool) -> Iterator[dict[str, object]]:
    about = dict(connection.execute("SELECT name, value FROM meta ORDER BY name"))
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    exported_at = at.astimezone(UTC).isoformat()
    yield {"record": "journal", "exported_at": exported_at, "schema": schema, "with_contacts": with_contacts} | about
    for record, query in _TABLES.items():
        rows = connection.execute(query)
        names = [column[0] for column in rows.description]
        for row in rows:
            cells = dict(zip(names, row, strict=True))
            shown = {name: cell for name, cell in cells.items() if with_contacts or name not in _CONTACTS}
            yield {"record": record} | dict(_readable(name, cell, cells) for name, cell in shown.items())


def _readable(name: str, cell: object, row: dict[str, object]) -> tuple[str, object]:
    if isinstance(cell, bytes):
        return _as_text(name, cell)
    if cell is None:
        return name.removesuffix("_minor"), None
    if name.endswith("_minor"):
        currency = row["paid_currency"] if name == "paid_minor" else row["currency"]
        return _or_raw(name, cell, lambda: (name.removesuffix("_minor"), Money(cell, currency).to_decimal_text()))  # type: ignore[arg-type]
    if name == "at" or name.endswith("_at"):
        return _or_raw(name, cell, lambda: (name, moment(cell).isoformat()))  # type: ignore[arg-type]
    if name in _YES_OR_NO:
        return name, bool(cell)
    if name == "facts":
        return _or_raw(name, cell, lambda: (name, _without_held(json.loads(str(cell)))))
    return name, cell


def _without_held(facts: object) -> object:
    """An address that is held back leaves the record only once its host was confirmed, and then as that of its link."""
    return {name: fact for name, fact in facts.items() if name != HELD_URL} if isinstance(facts, dict) else facts


def _as_text(name: str, cell: bytes) -> tuple[str, object]:
    try:
        return name, cell.decode("utf-8")
    except UnicodeDecodeError:
        return f"{name}_base64", base64.b64encode(cell).decode("ascii")


def _or_raw(name: str, cell: object, convert: Callable[[], tuple[str, object]]) -> tuple[str, object]:
    try:
        return convert()
    except (ValueError, TypeError, OverflowError):
        return name, cell
