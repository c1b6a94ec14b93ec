"""Notices as a person has them: copied from a mail, a log or webhook.site, or saved as a file.

A notice may stand alone or among others, in a JSON array, in prose, in a code fence, behind the headers of a request,
in an answer of webhook.site's API, or in its CSV export (docs.webhook.site, Requests). The rest is passed over.
"""

import asyncio
import codecs
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from optty_desktop.api.notifications import NotANotice, read_notice
from optty_desktop.api.strict_json import Json, NotStrictJson, read_strict_json
from optty_desktop.core.errors import NoticeProblem, NoticeTrouble
from optty_desktop.core.hints import Hint, HintSource, Pasted
from optty_desktop.hints.captured_csv import csv_bodies
from optty_desktop.hints.json_passages import json_passages

LARGEST: Final = 1024 * 1024
"""Bytes of a file, or characters of a text. A notice has about one thousand."""
MOST_NOTICES: Final = 500
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARK: Final = "\ufeff"


class PastedNotices:
    """Fills ``core.ports.NoticeReader``, in a worker thread: the largest text takes longer than a frame."""

    async def read_text(self, text: str, at: datetime) -> Pasted:
        """Return what is in a pasted text. Raises NoticeProblem."""
        return await asyncio.to_thread(read_pasted, text, at)

    async def read_file(self, path: Path, at: datetime) -> Pasted:
        """Return what is in a file. Raises NoticeProblem."""
        return await asyncio.to_thread(lambda: read_pasted(_text_of(path), at))


def read_pasted(text: str, at: datetime) -> Pasted:
    """Return a hint for each notice in ``text`` that names a link or an order. Raises NoticeProblem."""
    if len(text) > LARGEST:
        raise NoticeProblem(NoticeTrouble.TOO_LARGE)
    text = text.replace(_MARK, "").strip()
    if not text:
        raise NoticeProblem(NoticeTrouble.EMPTY)
    hints: list[Hint] = []
    unreadable = nameless = 0
    for body in _bodies(text):
        hint = _hint(body, at) if body is not None else None
        if hint is None:
            unreadable += 1
        elif hint.invoice_number is None and hint.order_reference is None:
            nameless += 1
        else:
            hints.append(hint)
        if len(hints) + unreadable + nameless > MOST_NOTICES:
            raise NoticeProblem(NoticeTrouble.TOO_MANY)
    if hints:
        return Pasted(tuple(hints), unreadable)
    if nameless and not unreadable:
        raise NoticeProblem(NoticeTrouble.NAMES_NOTHING)
    raise NoticeProblem(NoticeTrouble.BROKEN if unreadable or _is_meant(text) else NoticeTrouble.NONE_FOUND)


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():  # also keeps a pipe or a device from holding up the till
            raise NoticeProblem(NoticeTrouble.FILE)
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise NoticeProblem(NoticeTrouble.FILE) from error
    if len(content) > LARGEST:
        raise NoticeProblem(NoticeTrouble.TOO_LARGE)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NoticeProblem(NoticeTrouble.NOT_TEXT) from error
    if "\x00" in text:
        raise NoticeProblem(NoticeTrouble.NOT_TEXT)
    return text


def _bodies(text: str) -> Iterator[bytes | None]:
    """Yield the body of each notice; None for what looks like one and cannot be read."""
    cells = csv_bodies(text)
    if cells is not None:
        for cell in cells:
            yield from _within(cell)
    else:
        yield from _within(text)


def _within(text: str) -> Iterator[bytes | None]:
    for passage in json_passages(text):
        if "{" not in passage:
            continue  # holds no notice, whatever it is
        try:
            value = read_strict_json(passage.encode("utf-8", "surrogatepass"))
        except NotStrictJson:
            if _is_meant(passage):
                yield None
            continue
        for item in _items(value):
            yield from _of_item(item)


def _is_meant(text: str) -> bool:
    """Whether what is no JSON was meant to be: "[INFO]" and "{number}" in prose were not."""
    return "{" in text and '"' in text and ":" in text


def _items(value: Json) -> Iterator[dict[str, Json]]:
    """Yield the objects of an array, of an answer of webhook.site, or the one object there is."""
    listed = value.get("data") if isinstance(value, dict) else value
    if isinstance(listed, list):
        yield from (item for item in listed if isinstance(item, dict))
    elif isinstance(value, dict):
        yield value


def _of_item(item: dict[str, Json]) -> Iterator[bytes | None]:
    content = item.get("content")
    if not isinstance(content, str):
        yield _written(item)
        return
    # A request that webhook.site has caught: the notice is the text of its body.
    bodies = [passage for passage in json_passages(content) if passage.startswith("{")]
    yield from (body.encode("utf-8", "surrogatepass") for body in bodies)
    if not bodies and _is_meant(content):
        yield None


def _written(item: dict[str, Json]) -> bytes:
    return json.dumps(item, default=str).encode()


def _hint(body: bytes, at: datetime) -> Hint | None:
    try:
        notice = read_notice(body)
    except NotANotice:
        return None
    return Hint(HintSource.PASTED, notice.invoice_number, notice.order_reference, at)
