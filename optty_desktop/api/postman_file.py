"""The bytes of a Postman export: bounded, read strictly, and named by their hash. Nothing they point at is opened."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from optty_desktop.api.server_text import shown_text
from optty_desktop.api.strict_json import Json, NotStrictJson, read_strict_json
from optty_desktop.core.errors import CollectionProblem

LARGEST_FILE: Final = 5 * 1024 * 1024
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file: its name made harmless to show, the SHA-256 of its bytes in hex, and the object it holds."""

    name: str
    sha256: str
    document: dict[str, Json] = field(repr=False)


def read_export_file(path: Path) -> ExportFile:
    """Read one export. Raises CollectionProblem in one sentence; what the file holds is not repeated in it."""
    name = shown_text(path.name, _LONGEST_NAME).replace("\\", "_") or "This path"
    content = _content(path, name)
    return ExportFile(name, hashlib.sha256(content).hexdigest(), _document(content, name))


def _content(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():  # also keeps a pipe or a device from holding up the till
            raise CollectionProblem(f"{name} is not there, or is not a file.")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise CollectionProblem(f"{name} cannot be read on this computer.") from error
    if len(content) > LARGEST_FILE:
        raise CollectionProblem(f"{name} is larger than {LARGEST_FILE // 1024**2} MB, which no collection of three is.")
    return content


def _document(content: bytes, name: str) -> dict[str, Json]:
    if content.startswith(_BYTE_ORDER_MARKS):
        raise CollectionProblem(f"{name} was saved by another program (it begins with a byte order mark).")
    if b"\x00" in content:
        raise CollectionProblem(f"{name} is no text: it holds NUL characters.")
    try:
        content.decode("utf-8")
        document = read_strict_json(content)
    except UnicodeDecodeError as error:
        raise CollectionProblem(f"{name} is not UTF-8 text.") from error
    except NotStrictJson as error:
        raise CollectionProblem(f"{name} cannot be read as an export of Postman: {error}.") from error
    if not isinstance(document, dict):
        raise CollectionProblem(f"{name} holds JSON, but no Postman collection or environment.")
    if _holds_nul(document):
        raise CollectionProblem(f"{name} holds NUL characters in its texts.")
    return document


def _holds_nul(document: Json) -> bool:
    left = [document]
    while left:
        value = left.pop()
        if isinstance(value, str) and "\x00" in value:
            return True
        if isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value
    return False
