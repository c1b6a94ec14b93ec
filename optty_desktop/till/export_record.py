"""Export the record: everything this till has written down, as a text that people and other programs can read."""

from datetime import date
from pathlib import Path

from optty_desktop.core.errors import NotAllowedNow
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import Session


class ExportRecord:
    """The verb."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def export(self, path: Path, *, with_contacts: bool) -> None:
        """Write the record to ``path``, over a file that is there; e-mail addresses and phone numbers only if asked.

        Work goes on meanwhile. Raises NotAllowedNow without the right, JournalProblem; the file is whole or not there.
        """
        if not verdict(self._session.identity, Action.EXPORT).is_allowed:
            raise NotAllowedNow("no right")
        await self._session.journal.export(path, self._session.clock.now(), with_contacts=with_contacts)


def export_name(environment_id: str, day: date) -> str:
    """A name for the file of that day, which every file system takes."""
    return f"payment-links-{environment_id}-{day.isoformat()}.jsonl"
