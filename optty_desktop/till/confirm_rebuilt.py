"""Confirm a rebuilt record: somebody has compared it with the service, so cancels and refunds may go on."""

from dataclasses import dataclass
from datetime import date, datetime

from optty_desktop.core.errors import NotAllowedNow
from optty_desktop.till.rights import Action, verdict
from optty_desktop.till.session import Session


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What took the place of a damaged record: the copy of ``copy_day``, or an empty one that ``began_at`` (UTC).

    Both are None where the record does not say.
    """

    copy_day: date | None = None
    began_at: datetime | None = None


class ConfirmRebuilt:
    """The verb."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def waiting(self) -> Rebuilt | None:
        """What waits to be compared; None for an ordinary record. Raises JournalProblem."""
        reason = await self._session.journal.block_reason()
        return None if reason is None else _rebuilt(reason)

    async def confirm(self) -> None:
        """Open cancels and refunds again, in the name of who is signed in.

        Raises NotAllowedNow without the right, JournalProblem when it cannot be written.
        """
        identity = self._session.identity
        if not verdict(identity, Action.CONFIRM_REBUILT).is_allowed:
            raise NotAllowedNow("no right")
        await self._session.journal.confirm_rebuilt(identity.operator)


def _rebuilt(reason: str) -> Rebuilt:
    how, _, when = reason.partition(" ")
    try:
        if how == "restored":
            return Rebuilt(copy_day=date.fromisoformat(when))
        return Rebuilt(began_at=datetime.fromisoformat(when))
    except ValueError:
        return Rebuilt()
