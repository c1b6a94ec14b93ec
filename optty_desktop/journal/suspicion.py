"""A journal that is known to be damaged is refused the next time.

It may be too large to be checked, or have lost what tells the damage while it was being set aside.
"""

from pathlib import Path

from optty_desktop.core.errors import JournalDamaged
from optty_desktop.journal.private_files import make_private_file


def suspect(journal: Path) -> None:
    """Remember that the journal is damaged, until it is set aside. Raises OSError."""
    make_private_file(note_of(journal))


def refuse_suspect(journal: Path) -> None:
    """Raise JournalDamaged for a journal that was found damaged before. Without a journal its note goes too.

    Raises OSError.
    """
    if not journal.exists():
        clear(journal)
    elif note_of(journal).exists():
        raise JournalDamaged("the journal was found damaged before")


def clear(journal: Path) -> None:
    """Forget the suspicion: it was of a file that is not there any more. Raises OSError."""
    note_of(journal).unlink(missing_ok=True)


def note_of(journal: Path) -> Path:
    """Return where the note lies."""
    return journal.with_suffix(".suspect")
