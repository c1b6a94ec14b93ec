"""``optty-desktop export``: the record of one environment as a file, while no window has it open."""

import asyncio
import sys
from pathlib import Path

from optty_desktop.core.errors import JournalProblem, ProfileProblem
from optty_desktop.journal.journal import SqliteJournal
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.policy_settings import load_policy
from optty_desktop.ui.error_words import Doing, sentence


def run_export(file: Path, environment_id: str, *, with_contacts: bool, paths: AppPaths | None = None) -> int:
    """Write the record to ``file``, which is not there yet. Returns the exit code; failures are said on standard error.

    A record that is not there is not begun.
    """
    paths = paths or AppPaths.of_this_person()
    try:
        load_policy(paths.policies)  # what is wrong with it stops everything
    except ProfileProblem as problem:
        return _complain(str(problem))
    folder = paths.journal_folder
    if not (folder / f"{environment_id}.journal").is_file():
        return _complain(f"There is no record of {environment_id} on this computer. Nothing was saved")
    if file.exists() or file.is_symlink():
        return _complain(f"{file} is there already. Choose another name. Nothing was saved")
    return asyncio.run(_export(file, folder, environment_id, with_contacts=with_contacts))


async def _export(file: Path, folder: Path, environment_id: str, *, with_contacts: bool) -> int:
    try:
        journal = await SqliteJournal.open(folder, environment_id)
    except JournalProblem as problem:
        return _complain(sentence(problem, Doing.OPEN_JOURNAL).text)
    try:
        await journal.export(file, SystemClock().now(), with_contacts=with_contacts)
    except JournalProblem as problem:
        return _complain(sentence(problem, Doing.SAVE).text)
    finally:
        await journal.close()
    return 0


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
