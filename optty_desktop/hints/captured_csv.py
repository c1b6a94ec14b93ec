"""The CSV export of webhook.site: one row a request, its body in the column "content" (docs.webhook.site, Requests)."""

import csv
from typing import Final

_COLUMN: Final = "content"
_SEPARATORS: Final = (",", ";", "\t")
"""As exported, and as a spreadsheet of another country saves it again."""


def csv_bodies(text: str) -> list[str] | None:
    """Return the bodies in such an export; None where the text is no such export, as far as it can be told."""
    head, _, rest = text.partition("\n")
    if not rest:
        return None
    for separator in _SEPARATORS:
        names = _row(head, separator)
        if len(names) > 1 and _COLUMN in names:
            return _column(rest, separator, names.index(_COLUMN))
    return None


def _row(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in cells]


def _column(text: str, separator: str, place: int) -> list[str] | None:
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    except csv.Error:
        return None
    return [row[place] for row in rows if len(row) > place]
