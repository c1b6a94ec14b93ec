"""The administrator's file ``policy.toml`` in the system-wide configuration folder, read only if it is theirs."""

import os
import stat
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from optty_desktop.core.errors import ProfileProblem
from optty_desktop.system.shop_file import MAX_BYTES

if TYPE_CHECKING:
    from optty_desktop.core.policy import Policy

ADMINISTRATORS: Collection[int] = frozenset({0})
"""Whose files are believed, by the numbers of POSIX: root's. Staff must not write what binds them."""

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def load_policy(files: Iterable[Path], owners: Collection[int] | None = None) -> "Policy | None":
    """Read the first of the files that is there; None where nobody has written one.

    File and folder must belong to one of ``owners``, which are the ``ADMINISTRATORS`` unless somebody says others, and
    nobody else may write them. Raises ProfileProblem naming the file, the line where known, and the reason: a till must
    not work past what its administrator has set, nor by what somebody else has written there.
    """
    for file in files:
        content = _content_of(file, ADMINISTRATORS if owners is None else owners)
        if content is not None:
            # Most tills have no such file: only where there is one does the start wait for what reads it.
            from optty_desktop.system.policy_file import read_policy

            return read_policy(file, content)
    return None


def _content_of(file: Path, owners: Collection[int]) -> bytes | None:
    try:
        with file.open("rb") as stream:
            _check_writers(file, os.fstat(stream.fileno()), owners)
            content = stream.read(MAX_BYTES + 1)
        _check_writers(file.parent, file.parent.stat(), owners)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ProfileProblem(f"{file} cannot be read ({error.strerror})") from error
    if len(content) > MAX_BYTES:
        raise ProfileProblem(f"{file} is larger than {MAX_BYTES // 1024} KiB")
    return content


def _check_writers(path: Path, status: os.stat_result, owners: Collection[int]) -> None:
    """On Windows the rights of the folder decide, and neither mode nor owner says anything about them here."""
    if os.name != "posix":
        return
    if status.st_uid not in owners:
        raise ProfileProblem(f"{path} does not belong to the administrator, so it is not believed: give it to root")
    if status.st_mode & _OTHERS_WRITE:
        raise ProfileProblem(f"{path} may be written by others than its owner, so it is not believed")
