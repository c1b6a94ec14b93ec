"""Whether a newer version is ready, as far as this till knows: looked for now and then, and told quietly."""

import asyncio
from typing import Final

from PySide6.QtCore import QObject, Signal

from optty_desktop.core.errors import AppError, NotSent, OutcomeUnknown
from optty_desktop.core.release_numbers import ReleaseNumber
from optty_desktop.core.updates import Manifest, UpdateFlaw, UpdateRefused
from optty_desktop.till.look_for_update import LookForUpdate
from optty_desktop.ui.words import tr

_REST_SECONDS: Final = 6 * 3600.0


class UpdateNotice(QObject):
    """`changed`: something else is known. `ready` is the newer version, None while there is none."""

    changed = Signal()

    def __init__(self, look: LookForUpdate) -> None:
        super().__init__()
        self._look = look
        self._problem: AppError | None = None
        self._has_looked = False
        self._announced: Manifest | None = None

    @property
    def ready(self) -> ReleaseNumber | None:
        """The version somebody may be told of."""
        return self._announced.version if self._announced is not None else None

    async def watch(self) -> None:
        """Look, and look again some times a day, for as long as the program runs."""
        while True:
            await self.look()
            await asyncio.sleep(_REST_SECONDS)

    async def look(self) -> None:
        """Look once. What was ready stays so while nobody can be asked, for as long as its announcement holds."""
        try:
            self._announced, self._problem = await self._look(), None
        except AppError as problem:
            self._problem = problem
            if isinstance(problem, UpdateRefused) or self._has_expired():
                self._announced = None
        self._has_looked = True
        self.changed.emit()

    def sentence(self) -> str:
        """What is so, and what to do, for whoever reads about this program."""
        if self.ready is not None:
            return tr("Version {version} is ready. Ask whoever looks after this computer.", version=str(self.ready))
        if self._problem is not None:
            return _problem_words(self._problem)
        if self._has_looked:
            return tr("This is the newest version.")
        return tr("Newer versions have not been looked for yet.")

    def _has_expired(self) -> bool:
        return self._announced is not None and not self._look.holds(self._announced)


def _problem_words(problem: AppError) -> str:
    if isinstance(problem, NotSent | OutcomeUnknown):
        return tr("The server that announces newer versions does not answer. It is asked again later.")
    flaw = problem.flaw if isinstance(problem, UpdateRefused) else UpdateFlaw.UNREADABLE
    words = {
        UpdateFlaw.NOT_THERE: tr(
            "Nothing is announced where newer versions should be. Tell whoever looks after this computer."
        ),
        UpdateFlaw.NOT_SIGNED: tr(
            "What is announced does not carry the right signature, so it is not believed. "
            "Tell whoever looks after this computer."
        ),
        UpdateFlaw.EXPIRED: tr(
            "What is announced is too old to be believed. Check the date of this computer, and tell whoever looks "
            "after it."
        ),
        UpdateFlaw.FROM_LATER: tr(
            "What is announced carries a later date than this computer, so it is not believed. Check the date of this "
            "computer, and tell whoever looks after it."
        ),
        UpdateFlaw.REPLAYED: tr(
            "What is announced is older than what was announced before, so it is not believed. "
            "Tell whoever looks after this computer."
        ),
    }
    other = tr("What is announced of newer versions cannot be read. Tell whoever looks after this computer.")
    return words.get(flaw, other)
