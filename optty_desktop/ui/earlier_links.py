"""Links of earlier days, page by page from the record: those somebody wants to see, those a search looks for."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from PySide6.QtCore import QObject

from optty_desktop.core.errors import AppError
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.ports import Clock, Journal
from optty_desktop.ui.link_search import haystack
from optty_desktop.ui.links_pane import LinksPane
from optty_desktop.ui.table_footer import Scope
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.verbs import Verbs

PAGE = 500
TODAY_AT_MOST = 10_000
PAGES_A_SEARCH = 20
"""So many pages a search reads by itself; the next ones when asked for."""
ENOUGH_FOUND = 20
"""With so many rows a search reads no further by itself."""

_Place: TypeAlias = tuple[datetime, str]


@dataclass(slots=True)
class _Search:
    """How far one search has come. `last` is the oldest link it has read."""

    words: str
    last: _Place | None
    pages_left: int = PAGES_A_SEARCH
    rows_wanted: int = ENOUGH_FOUND
    is_done: bool = False
    is_running: bool = False


class EarlierLinks(QObject):
    """Widens what the table shows: this session, today, everything. A search goes on in the record by itself."""

    def __init__(
        self, pane: LinksPane, book: LinkBook, clock: Clock, tasks: TaskRunner, verbs: asyncio.Future[Verbs]
    ) -> None:
        super().__init__(pane)
        self._pane, self._book, self._clock, self._tasks, self._verbs = pane, book, clock, tasks, verbs
        self._scope = Scope.SESSION
        self._last: _Place | None = None
        self._is_loading = False
        self._is_done = False
        self._search: _Search | None = None
        pane.earlier_requested.connect(self.show_more)
        pane.search_changed.connect(self._on_search_changed)
        pane.view_changed.connect(self._search_on)
        pane.set_looking_back(True)
        tasks.start(self._look_back(), owner=self, name="look back")

    def show_more(self) -> None:
        """The next page, or the next wider scope; while a search is on, look further back for it."""
        if self._search is not None:
            self._search.pages_left = PAGES_A_SEARCH
            self._search.rows_wanted = self._rows() + ENOUGH_FOUND
            self._search_on()
        elif not self._is_loading:
            self._is_loading = True
            self._tasks.start(self._load(), owner=self, name="earlier links")

    # Days

    async def _look_back(self) -> None:
        """Learn whether there is anything from before this session."""
        try:
            session = (await self._verbs).session
            has_earlier = bool(await session.journal.links(before=(session.started_at, ""), limit=1))
        except AppError:
            has_earlier = True  # the way there stays open: who takes it is told
        if not has_earlier and self._scope is Scope.SESSION:
            self._is_done = True
            self._offer()
        self._pane.set_looking_back(False)

    async def _load(self) -> None:
        try:
            session = (await self._verbs).session
            today = _start_of_day(self._clock.now())
            if self._scope is Scope.SESSION and await self._load_today(session.journal, today, session.started_at):
                self._show(Scope.TODAY, today)
                return
            links = await session.journal.links(before=self._last, limit=PAGE)
            self._keep(links)
            self._is_done = len(links) < PAGE
            self._show(Scope.EARLIER, None if self._is_done else links[-1].created_at)
        finally:
            self._is_loading = False

    async def _load_today(self, journal: Journal, today: datetime, started_at: datetime) -> bool:
        """The links of today from before this session; False when there are none."""
        links = await journal.links(since=today, limit=TODAY_AT_MOST)
        self._keep(links)
        return any(link.created_at < started_at for link in links)

    def _keep(self, links: Sequence[PaymentLink]) -> None:
        if links:
            self._last = _place(links[-1])
        self._book.put_all(link for link in reversed(links) if link.invoice_number not in self._book)

    def _show(self, scope: Scope, since: datetime | None) -> None:
        self._scope = scope
        self._pane.widen(scope, since)
        self._offer()

    def _offer(self) -> None:
        is_done = self._is_done if self._search is None else self._search.is_done
        self._pane.set_may_have_earlier(not is_done)

    # Search

    def _on_search_changed(self, words: str) -> None:
        """Another search; the one before reads its page to the end and stops."""
        self._search = _Search(words, self._last, is_done=self._is_done) if words else None
        self._pane.set_search_reach(None, is_running=False)
        self._offer()
        self._search_on()

    def _search_on(self) -> None:
        search = self._search
        if search is not None and not search.is_running and self._wants_more(search):
            search.is_running = True
            self._pane.set_search_reach(None, is_running=True)
            self._tasks.start(self._look_for(search), owner=self, name="search earlier links")

    async def _look_for(self, search: _Search) -> None:
        try:
            journal = (await self._verbs).session.journal
            while self._search is search and self._wants_more(search):
                await self._read_page(search, journal)
        finally:
            search.is_running = False
            if self._search is search:
                since = search.last[0] if search.last is not None and not search.is_done else None
                self._pane.set_search_reach(since, is_running=False)
                self._offer()

    async def _read_page(self, search: _Search, journal: Journal) -> None:
        """One page; only what the search has found comes into the book."""
        links = await journal.links(before=search.last, limit=PAGE)
        search.pages_left -= 1
        search.is_done = len(links) < PAGE
        if links:
            search.last = _place(links[-1])
        if self._search is search:
            fresh = (link for link in reversed(links) if link.invoice_number not in self._book)
            self._book.put_all(link for link in fresh if search.words in haystack(link))

    def _wants_more(self, search: _Search) -> bool:
        return not search.is_done and search.pages_left > 0 and self._rows() < search.rows_wanted

    def _rows(self) -> int:
        return self._pane.model.rowCount() + self._pane.model.held_count


def _place(link: PaymentLink) -> _Place:
    return (link.created_at, link.invoice_number)


def _start_of_day(now: datetime) -> datetime:
    return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
