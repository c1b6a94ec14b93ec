"""Changes single values in the text of ``environments.toml`` and leaves every other line as a person wrote it.

Works on lines and knows the plain ways to write an entry. Whoever uses it reads the result back and compares: an entry
written in another way makes it raise, or gives a text that says something else, and then nothing is replaced.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

Value = str | bool | datetime | Sequence[str]
Table = Mapping[str, Value]

_ENTRY: Final = re.compile(r"[ \t]*\[\[[ \t]*environment[ \t]*\]\]")
_TABLE: Final = re.compile(r"[ \t]*\[[ \t]*environment[ \t]*\.[ \t]*([a-z_]+)[ \t]*\]")


class NotChangeable(ValueError):
    """The text is written in a way in which single values cannot be told apart."""


def with_changes(text: str, wanted: str, changes: Mapping[str, Value | Table | None]) -> str:
    """Return ``text`` with the keys of the entry with the id ``wanted`` changed; without one, it is added at the end.

    A key whose new value is None goes, with all that stands in it.
    Raises NotChangeable.
    """
    ids = [entry["id"] for entry in tomllib.loads(text).get("environment", [])]
    ending = "\r" if "\r\n" in text else ""
    lines = text.split("\n")
    if len(_headers(lines)) != len(ids):
        raise NotChangeable
    if wanted not in ids:
        lines = _with_room_at_the_end(lines, ending)
        first = len(lines)
        lines += [f"[[environment]]{ending}", ""]
        changes = {"id": wanted, **changes}
    else:
        first = _headers(lines)[ids.index(wanted)]
    editor = _Editor(lines, first, ending)
    for key, value in changes.items():
        if value is None:
            editor.take_out(key)
        elif isinstance(value, Mapping):
            editor.put_table(key, value)
        else:
            editor.put(None, key, value)
    return "\n".join(lines)


def _headers(lines: Sequence[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if _ENTRY.match(line)]


def _with_room_at_the_end(lines: list[str], ending: str) -> list[str]:
    kept = [*lines]
    while kept and not kept[-1].strip():
        kept.pop()
    if kept:
        kept[-1] = kept[-1].rstrip("\r") + ending
        kept.append(ending)
    return kept


class _Editor:
    """One entry of the file, between its header and the next one."""

    def __init__(self, lines: list[str], first: int, ending: str) -> None:
        self._lines = lines
        self._first = first
        self._ending = ending

    def put_table(self, key: str, table: Table) -> None:
        """Write a table: where it stands, as it stands there, or as a new one at the end of the entry."""
        if self._statement(None, key) is not None:
            inline = ", ".join(f"{name} = {_written(value)}" for name, value in table.items())
            self._replace(None, key, f"{{ {inline} }}")
            return
        if self._section(key) is None:
            self._insert(self._after_content(self._first, self._end()), "", f"[environment.{key}]")
        for name in self._keys(key) - set(table):
            self._remove(key, name)
        for name, value in table.items():
            self.put(key, name, value)

    def take_out(self, key: str) -> None:
        """Remove a value or a table; remarks that stand alone in lines of their own stay."""
        start = self._section(key)
        if start is None:
            self._remove(None, key)
            return
        for name in self._keys(key):
            self._remove(key, name)
        start, end = self._found_section(key), self._after_content(self._found_section(key), self._bounds(key)[1])
        comment = self._lines[start].partition("]")[2].strip()
        rest = self._lines[start + 1 : end]
        self._lines[start:end] = [*([comment + self._ending] if comment else []), *rest]

    def put(self, table: str | None, key: str, value: Value) -> None:
        """Write one value in its own line, in the place of the old one or behind the last."""
        if self._statement(table, key) is not None:
            self._replace(table, key, _written(value))
            return
        start, end = self._bounds(table)
        self._insert(self._after_content(start, end), f"{key} = {_written(value)}")

    def _replace(self, table: str | None, key: str, written: str) -> None:
        start, end = self._found(table, key)
        indent = re.match(r"[ \t]*", self._lines[start])
        line = f"{indent[0] if indent else ''}{key} = {written}"
        self._lines[start:end] = [line + self._comment(start, end) + self._ending]

    def _remove(self, table: str | None, key: str) -> None:
        start, end = self._found(table, key)
        comment = self._comment(start, end).lstrip()
        self._lines[start:end] = [comment + self._ending] if comment else []

    def _comment(self, start: int, end: int) -> str:
        """Return the remark behind a statement, with the room before it.

        Raises NotChangeable where remarks may stand inside the statement.
        """
        text = "\n".join(self._lines[start:end])
        value = _parsed(text)
        for match in re.finditer("#", text):
            if _parsed(text[: match.start()]) == value:
                return text[len(text[: match.start()].rstrip(" \t")) :].rstrip()
        if end - start > 1 and "#" in text:
            raise NotChangeable
        return ""

    def _found(self, table: str | None, key: str) -> tuple[int, int]:
        found = self._statement(table, key)
        if found is None:
            raise NotChangeable
        return found

    def _statement(self, table: str | None, key: str) -> tuple[int, int] | None:
        """Return the lines of ``key = value``, if it stands in this table of the entry."""
        start, end = self._bounds(table)
        header = re.compile(rf"""[ \t]*["']?{re.escape(key)}["']?[ \t]*=""")
        for number in range(start + 1, end):
            if header.match(self._lines[number]):
                for last in range(number + 1, end + 1):
                    if _parsed("\n".join(self._lines[number:last])) is not None:
                        return number, last
        return None

    def _keys(self, table: str) -> set[str]:
        start, end = self._bounds(table)
        parsed = _parsed("\n".join(self._lines[start + 1 : end]))
        if parsed is None:
            raise NotChangeable
        return set(parsed)

    def _bounds(self, table: str | None) -> tuple[int, int]:
        """Return the header's line and the line behind the table."""
        start = self._first if table is None else self._section(table)
        if start is None:
            raise NotChangeable
        inner = (number for number in range(start + 1, self._end()) if _TABLE.match(self._lines[number]))
        return start, next(inner, self._end())

    def _found_section(self, table: str) -> int:
        found = self._section(table)
        if found is None:
            raise NotChangeable
        return found

    def _section(self, table: str) -> int | None:
        for number in range(self._first + 1, self._end()):
            match = _TABLE.match(self._lines[number])
            if match and match[1] == table:
                return number
        return None

    def _end(self) -> int:
        return next((number for number in _headers(self._lines) if number > self._first), len(self._lines))

    def _after_content(self, start: int, end: int) -> int:
        """Return the place behind the last value: remarks and room before the next header belong to what follows."""
        while end - 1 > start and self._lines[end - 1].lstrip()[:1] in {"", "#"}:
            end -= 1
        return end

    def _insert(self, place: int, *written: str) -> None:
        before = self._lines[place - 1]
        self._lines[place - 1] = before.rstrip("\r") + self._ending
        self._lines[place:place] = [line + self._ending for line in written]
        if place + len(written) == len(self._lines):
            self._lines.append("")


def _parsed(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(f"{text}\n")
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _written(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f"[{', '.join(map(_quoted, value))}]"


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
