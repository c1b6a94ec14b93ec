"""Exports that hold a client secret: which they are, and how they go for good."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from optty_desktop.api.postman_file import ExportFile, read_export_file
from optty_desktop.api.server_text import shown_text
from optty_desktop.api.strict_json import Json
from optty_desktop.core.errors import CollectionProblem, FileKept
from optty_desktop.core.route_import import SecretFile

_SHORTEST_WITHIN: Final = 6
"""A shorter secret may stand inside any text by chance; it counts only where it is the whole of one."""
_LONGEST_NAME: Final = 100


def files_with(paths: Sequence[Path], secret: str) -> tuple[SecretFile, ...]:
    """Return those of the files that hold ``secret``. Raises CollectionProblem when one cannot be read.

    A secret that was put together from several variables stands in none of them whole: then each file counts.
    """
    files = [(path, read_export_file(path)) for path in dict.fromkeys(paths)]
    found = [(path, file) for path, file in files if _holds(file, secret)]
    return tuple(SecretFile(path, file.sha256) for path, file in found or files)


def delete_file(file: SecretFile) -> None:
    """Delete the file, and what it points at if it is a link; one that has gone already is fine.

    Raises FileKept: a file that is not the one that was read is somebody else's work.
    """
    try:
        path = file.path.resolve()
        if not path.exists():
            return
        if read_export_file(path).sha256 != file.sha256:
            raise FileKept(shown_text(file.path.name, _LONGEST_NAME))
        path.unlink()
        if file.path.is_symlink():
            file.path.unlink()
    except (OSError, RuntimeError, CollectionProblem) as error:
        raise FileKept(shown_text(file.path.name, _LONGEST_NAME)) from error


def _holds(file: ExportFile, secret: str) -> bool:
    is_long = len(secret) >= _SHORTEST_WITHIN
    return any(text.strip() == secret or (is_long and secret in text) for text in _texts(file.document))


def _texts(document: Json) -> Iterator[str]:
    left = [document]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list):
            left += value
