"""Paste notices: say which links of this till they are about, then have those read. A notice itself changes no link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from optty_desktop.core.errors import AppError
from optty_desktop.core.events import EventKind, LinkEvent
from optty_desktop.core.hints import Hint, HintSource, Pasted
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import NoticeReader
from optty_desktop.till.follow_status import FollowStatus
from optty_desktop.till.session import Session
from optty_desktop.till.take_hints import TakeHints


@dataclass(frozen=True, slots=True)
class Understood:
    """What was pasted, before anything is done: the links of this till, each once, and the names of what is another's.

    ``notices`` counts what was read, ``unreadable`` what looked like a notice and could not be.
    """

    hints: tuple[Hint, ...]
    links: tuple[PaymentLink, ...]
    unknown: tuple[str, ...]
    unreadable: int = 0

    @property
    def notices(self) -> int:
        """How many notices were read."""
        return len(self.hints)


class Ending(Enum):
    """What came of a notice for its link."""

    READ = auto()
    """The link shows what the payment service says now."""
    NO_ORDER = auto()
    """The service names no order for the link, so nothing can be read."""
    LATER = auto()
    """It is read when its turn comes, or an order that the notice names is."""
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A link after its notice, and what kept it from being read."""

    link: PaymentLink
    ending: Ending
    error: AppError | None = None


class PasteNotices:
    """The verb."""

    def __init__(self, session: Session, reader: NoticeReader, take: TakeHints, follow: FollowStatus) -> None:
        self._session, self._reader, self._take, self._follow = session, reader, take, follow

    async def understand(self, text: str) -> Understood:
        """What is in a pasted text. Raises NoticeProblem and JournalProblem; nothing is kept yet."""
        return await self._understood(await self._reader.read_text(text, self._session.clock.now()))

    async def understand_file(self, path: Path) -> Understood:
        """What is in a file of this computer. Raises NoticeProblem and JournalProblem; nothing is kept yet."""
        return await self._understood(await self._reader.read_file(path, self._session.clock.now()))

    async def keep(self, understood: Understood) -> None:
        """Keep the hints and note who pasted them. Raises JournalProblem: then nothing is to be read."""
        session = self._session
        now, actor = session.clock.now(), session.identity.operator
        links = understood.links
        await session.record(*(LinkEvent(one.invoice_number, now, EventKind.NOTICE_PASTED, actor) for one in links))
        await self._take.take(understood.hints, source=HintSource.PASTED)

    async def read(self, understood: Understood) -> Sequence[Outcome]:
        """Read the links of what was kept. One outcome a link, in the order of the notices.

        What is not read at once is read later; this may be cancelled, for it is kept.
        """
        numbers = [link.invoice_number for link in understood.links]
        done = await self._follow.read_hinted(numbers)
        return [_outcome(await self._session.find(number), done) for number in numbers]

    async def _understood(self, pasted: Pasted) -> Understood:
        links: dict[str, PaymentLink] = {}
        unknown: dict[str, None] = {}
        for hint in pasted.hints:
            link = await self._take.link_of(hint)
            if link is not None:
                links[link.invoice_number] = link
            else:
                unknown[hint.invoice_number or hint.order_reference or ""] = None
        return Understood(pasted.hints, tuple(links.values()), tuple(unknown), pasted.unreadable)


def _outcome(link: PaymentLink, done: Mapping[str, AppError | None]) -> Outcome:
    if link.invoice_number not in done:
        return Outcome(link, Ending.LATER)
    error = done[link.invoice_number]
    if error is not None:
        return Outcome(link, Ending.FAILED, error)
    return Outcome(link, Ending.NO_ORDER if link.order_reference is None else Ending.READ)
