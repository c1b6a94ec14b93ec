"""Links of earlier days, page by page from the record: first the rest of today, then the days before."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import Clock, Journal
from optty_desktop.ui.links_pane import LinksPane
from optty_desktop.ui.table_footer import Scope
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.verbs import Verbs

PAGE = 500
TODAY_AT_MOST = 10_000


class EarlierLinks(QObject):
    """Widens what the table shows: this session, today, everything."""

    def __init__(
        self, pane: LinksPane, book: LinkBook, clock: Clock, tasks: TaskRunner, verbs: asyncio.Future[Verbs]
    ) -> None:
        super().__init__(pane)
        self._pane, self._book, self._clock, self._tasks, self._verbs = pane, book, clock, tasks, verbs
        self._scope = Scope.SESSION
        self._last: tuple[datetime, str] | None = None
        self._is_loading = False
        pane.earlier_requested.connect(self.show_more)

    def show_more(self) -> None:
        """The next page, or the next wider scope."""
        if not self._is_loading:
            self._is_loading = True
            self._tasks.start(self._load(), owner=self, name="earlier links")

    async def _load(self) -> None:
        try:
            journal = (await self._verbs).session.journal
            today = _start_of_day(self._clock.now())
            if self._scope is Scope.SESSION and await self._load_today(journal, today):
                self._show(Scope.TODAY, today)
                return
            links = await journal.links(before=self._last, limit=PAGE)
            self._keep(links)
            self._show(Scope.EARLIER, None)
        finally:
            self._is_loading = False

    async def _load_today(self, journal: Journal, today: datetime) -> bool:
        """The links of today from before this session; False when there are none."""
        links = await journal.links(since=today, limit=TODAY_AT_MOST)
        has_more = any(link.invoice_number not in self._book for link in links)
        self._keep(links)
        return has_more

    def _keep(self, links: Sequence[PaymentLink]) -> None:
        if links:
            self._last = (links[-1].created_at, links[-1].invoice_number)
        self._book.put_all(link for link in reversed(links) if link.invoice_number not in self._book)

    def _show(self, scope: Scope, since: datetime | None) -> None:
        self._scope = scope
        self._pane.model.set_since(since)
        self._pane.set_scope_words(scope)


def _start_of_day(now: datetime) -> datetime:
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
