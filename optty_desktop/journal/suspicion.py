"""A journal that was found damaged while it was open is refused the next time: it may be too large to be checked."""

from pathlib import Path

from optty_desktop.core.errors import JournalDamaged
from optty_desktop.journal.private_files import make_private_file


def suspect(journal: Path) -> None:
    """Remember that the journal is damaged, until it is set aside. Raises OSError."""
    make_private_file(note_of(journal))


def refuse_suspect(journal: Path) -> None:
    """Raise JournalDamaged for a journal that was found damaged before."""
    if journal.exists() and note_of(journal).exists():
        raise JournalDamaged("the journal was found damaged when it was open")


def note_of(journal: Path) -> Path:
    """Return where the note lies; it moves with the journal."""
    return journal.with_suffix(".suspect")
