"""The support file: every room says what it may, and nothing is asked that could hold a secret or a customer.

The window and the command ``diagnose`` put it together from the same parts.
"""

import asyncio
import platform
import shutil
import sqlite3
import ssl
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from pathlib import Path
from typing import Final

from optty_desktop import __version__
from optty_desktop.api.past_calls import KEPT, call_in
from optty_desktop.api.transport import HttpTransport
from optty_desktop.audit_command import audit_file
from optty_desktop.core.diagnosis import Diagnosis, Display, JournalFacts, PastCall, Unexpected, Versions
from optty_desktop.core.diagnosis_text import report_of
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import JournalProblem
from optty_desktop.core.network import Way
from optty_desktop.core.policy import Policy
from optty_desktop.core.ports import Clock, Journal
from optty_desktop.system.log_tail import LogLine, log_tail, unexpected_in
from optty_desktop.system.paths import AppPaths, nearest_folder
from optty_desktop.system.private_text import write_private_text

_FAILURES_KEPT: Final = 10


class SupportFile:
    """Fills the port `Support` for a window: with the session it is at, and the calls of this program's own day."""

    def __init__(
        self,
        paths: AppPaths,
        transport: HttpTransport,
        clock: Clock,
        display: Callable[[], Display],
        way: Callable[[], Way],
        policy: Policy,
    ) -> None:
        self._paths, self._transport, self._clock, self._display = paths, transport, clock, display
        self._way, self._policy = way, policy
        self._environment: Environment | None = None
        self._journal: Journal | None = None

    def enter(self, environment: Environment, journal: Journal) -> None:
        """Somebody has signed in: this is the environment and the record to report on."""
        self._environment, self._journal = environment, journal

    def leave(self) -> None:
        """The session has ended."""
        self._environment = self._journal = None

    async def report(self) -> str:
        """The whole text. What cannot be found out is said in it; nothing is raised for that."""
        display, calls, way = self._display(), self._transport.calls, self._way()
        environments = () if self._environment is None else (self._environment,)
        journals = await self._journals()

        def gather() -> str:
            tail = log_tail(self._paths.logs)
            return report_of(
                Diagnosis(
                    at=self._clock.now().astimezone(UTC),
                    versions=versions(),
                    way=way,
                    environments=environments,
                    policy=self._policy,
                    journals=journals,
                    calls=newest_calls(tail, calls),
                    unexpected=newest_failures(tail),
                    display=display,
                    free_bytes=free_room(self._paths.data),
                    audit=audit_file(self._paths).facts(),
                )
            )

        return await asyncio.to_thread(gather)

    async def write(self, text: str, path: str) -> None:
        """Write the text to a file that only its owner may read. Raises OSError."""
        await asyncio.to_thread(write_private_text, Path(path), text)

    async def _journals(self) -> tuple[JournalFacts, ...]:
        if self._environment is None or self._journal is None:
            return ()
        try:
            return (await self._journal.facts(),)
        except JournalProblem as problem:
            return (JournalFacts(self._environment.id, None, None, type(problem).__name__),)


def versions() -> Versions:
    """Return what runs here. Loads Qt where it can be loaded; needs no display."""
    return Versions(
        program=__version__,
        python=platform.python_version(),
        qt=_qt(),
        sqlite=sqlite3.sqlite_version,
        tls=ssl.OPENSSL_VERSION,
        system=platform.platform(),
    )


def newest_calls(tail: Iterable[LogLine], remembered: Sequence[PastCall] = ()) -> tuple[PastCall, ...]:
    """Return the newest calls, oldest first: those of the log, then those remembered, each of them once."""
    known = {call.exchange for call in remembered}
    logged = (call_in(line.words, line.at) for line in tail)
    earlier = [call for call in logged if call is not None and call.exchange not in known]
    return (*earlier, *remembered)[-KEPT:]


def newest_failures(tail: Iterable[LogLine]) -> tuple[Unexpected, ...]:
    """Return the newest unexpected failures of the log, oldest first."""
    found = (unexpected_in(line) for line in tail)
    return tuple(one for one in found if one is not None)[-_FAILURES_KEPT:]


def free_room(folder: Path) -> int | None:
    """Return the bytes that are free on the disk of ``folder``; None where it does not say."""
    try:
        return shutil.disk_usage(nearest_folder(folder)).free
    except OSError:
        return None


def _qt() -> str | None:
    try:
        from PySide6.QtCore import qVersion
    except ImportError:
        return None
    return qVersion()
