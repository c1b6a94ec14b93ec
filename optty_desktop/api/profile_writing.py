"""Puts a changed profile into ``environments.toml`` and keeps everything else in the file, remarks included.

The new text is written beside the old one, read back as the program will read it, and only then takes its place.
"""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from optty_desktop.api.environments import load_environments
from optty_desktop.api.profile_text import NotChangeable, Table, Value, with_changes
from optty_desktop.core.environments import Environment, Imported, RouteTemplate
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.profile_rules import RuleBroken, check_feed

_BY_HAND: Final = "written in a way that only a person can change; write the entry by hand"


def write_profile(file: Path, environment: Environment) -> None:
    """Have ``load_environments(file)`` return ``environment`` in the place of the one with its id, or as a new one.

    The folder must exist. The file is replaced as a whole and afterwards readable by its owner alone. Raises
    ProfileProblem with file and reason: then the file is as it was.
    """
    try:
        check_feed(environment)
    except RuleBroken as broken:
        raise ProfileProblem(f"{file.name}, {environment.id}: {broken}") from broken
    target = Path(os.path.realpath(file))  # a link to the file stays a link
    before = load_environments(target)
    known = {one.id: one for one in before}
    if known.get(environment.id) == environment:
        return
    old = _bytes(target)
    wanted = known | {environment.id: environment}
    try:
        text = with_changes(old.decode("utf-8"), environment.id, _changes(environment, known.get(environment.id)))
        _replace(target, old, text.encode("utf-8"), wanted)
    except NotChangeable as error:
        raise ProfileProblem(f"{file.name}: {_BY_HAND}") from error
    except OSError as error:
        raise ProfileProblem(f"{file.name}: cannot be written ({error.strerror})") from error


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ProfileProblem(f"{file.name}: cannot be read ({error.strerror})") from error


def _changes(environment: Environment, known: Environment | None) -> dict[str, Value | Table | None]:
    changed: dict[str, Value | Table | None] = {}
    for name in (field.name for field in fields(environment) if field.name != "id"):
        # A switch that is off needs no line.
        value = getattr(environment, name) or None
        old = (getattr(known, name) or None) if known is not None else None
        if value != old:
            changed[name] = None if value is None else _as_table(value)
    return changed


def _as_table(value: Value | RouteTemplate | Imported) -> Value | Table:
    match value:
        case RouteTemplate():
            optional: Mapping[str, Value] = {"body": value.body} if value.body else {}
            untried: Mapping[str, Value] = {} if value.tried else {"tried": False}
            return {"method": value.method, "path": value.path, **optional, **untried}
        case Imported():
            return {"file": value.file, "sha256": value.sha256, "at": value.at}
    return value


def _replace(target: Path, old: bytes, new: bytes, wanted: Mapping[str, Environment]) -> None:
    """Put ``new`` in the place of ``old`` if it reads as ``wanted``. Raises ProfileProblem, OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=".new", dir=target.parent)  # owner only
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(new)
            stream.flush()
            os.fsync(stream.fileno())
        if _read_back(fresh) != wanted:
            raise ProfileProblem(f"{target.name}: {_BY_HAND}")
        if _bytes(target) != old:
            raise ProfileProblem(f"{target.name}: changed by another program meanwhile; try again")
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _read_back(file: Path) -> Mapping[str, Environment] | None:
    with contextlib.suppress(ProfileProblem):
        return {one.id: one for one in load_environments(file)}
    return None


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where folders can be flushed."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
