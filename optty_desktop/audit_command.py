"""``optty-desktop audit``: what was done to the settings of this till, and whether the record of it is whole."""

import secrets
import sys

from optty_desktop.core.audit_chain import AuditRow, Moment, first_broken
from optty_desktop.core.errors import JournalDamaged, JournalProblem
from optty_desktop.journal.audit import AuditFile
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.paths import AppPaths


def audit_file(paths: AppPaths) -> AuditFile:
    """Return the audit of a till; its entries carry a name of this start of the program."""
    run, clock = secrets.token_hex(8), SystemClock()
    return AuditFile(paths.audit_file, lambda: Moment(clock.now(), clock.monotonic(), run))


def run_audit(*, only_verify: bool, paths: AppPaths | None = None) -> int:
    """Print the entries, one JSON object a line, or only verify them. Returns the exit code.

    A record that is not whole is said on standard error, with its first entry that is not as it was written.
    """
    paths = paths or AppPaths.of_this_person()
    file = paths.audit_file
    try:
        rows = audit_file(paths).rows()
    except JournalDamaged:
        return _complain(f"{file} is damaged and cannot be read. Keep it, and ask for help")
    except JournalProblem as problem:
        return _complain(f"{file} cannot be read ({problem})")
    if not only_verify:
        for row in rows:
            sys.stdout.write(f"{_line(row)}\n")
    broken = first_broken(rows)
    if broken is not None:
        return _complain(f"{file} is not as it was written, from entry {broken} on. Keep it, and ask for help")
    if only_verify:
        count = f"{len(rows)} entries" if len(rows) != 1 else "1 entry"
        sys.stdout.write(f"Whole: {count}. Whether some were cut off at the end cannot be seen in it.\n")
    return 0


def _line(row: AuditRow) -> str:
    """The text as it is stored: one line, whatever somebody has put there by hand."""
    text = str(row.text)
    return text if text.isascii() and text.isprintable() else ascii(text)


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
