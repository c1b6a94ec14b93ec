"""A deed and its entry in the audit, as one: written down first, then done, and written down again where it failed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from optty_desktop.core.audit_chain import Audit, AuditAction, Deed
from optty_desktop.core.errors import AppError, DiskFull, JournalDamaged, JournalProblem, ProfileProblem

log = logging.getLogger(__name__)

T = TypeVar("T")

Look = Callable[[], Awaitable[bool]]
"""Whether all is as it was before the deed. An AppError means that nobody can say."""


async def carry_out(
    audit: Audit, deed: Deed, act: Callable[[], Awaitable[T]], otherwise: AuditAction, is_as_before: Look
) -> T:
    """Note ``deed``, then ``act``; where that failed and changed nothing for sure, note ``otherwise``.

    A cancel waits for the end of both and is raised then: it would only leave a worker thread to go on unseen. Raises
    ProfileProblem where the deed cannot be noted, which is then not done, and what ``act`` raises.
    """
    unit = _noted_and_done(audit, deed, act, otherwise, is_as_before)
    done = asyncio.create_task(unit, name=f"{deed.action} on its way")
    cancelled: asyncio.CancelledError | None = None
    while not done.done():
        try:
            await asyncio.wait({done})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return done.result()
    if not done.cancelled() and (failure := done.exception()) is not None:
        log.warning("%s failed when nobody waited for it any more: %s", deed.action, type(failure).__name__)
    raise cancelled


async def _noted_and_done(
    audit: Audit, deed: Deed, act: Callable[[], Awaitable[T]], otherwise: AuditAction, is_as_before: Look
) -> T:
    try:
        await audit.note(deed)
    except JournalProblem as problem:
        raise ProfileProblem(_why(problem)) from problem
    try:
        return await act()
    except Exception:
        await _note_failure(audit, replace(deed, action=otherwise), is_as_before)
        raise


async def _note_failure(audit: Audit, deed: Deed, is_as_before: Look) -> None:
    """A failure may come after the change: the entry of the deed stays until a look shows that nothing was changed."""
    try:
        if await is_as_before():
            await audit.note(deed)
    except AppError as problem:
        log.warning("%s was not noted in the audit: %s", deed.action, type(problem).__name__)


def _why(problem: JournalProblem) -> str:
    match problem:
        case JournalDamaged():
            return "the audit of this till is damaged; keep the file audit.db, but move it to another folder"
        case DiskFull():
            return "the audit of this till cannot be written because the disk is full"
    return "the audit of this till, the file audit.db, cannot be written"
