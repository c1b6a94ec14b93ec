"""The steps that bring a journal file to the present schema, oldest first. They only go forward."""

from typing import Final

from optty_desktop.journal.migrations.first_tables import FIRST_TABLES
from optty_desktop.journal.migrations.hint_inbox import HINT_INBOX
from optty_desktop.journal.migrations.migration import Migration

MIGRATIONS: Final[tuple[Migration, ...]] = (FIRST_TABLES, HINT_INBOX)

__all__ = ["MIGRATIONS", "Migration"]
