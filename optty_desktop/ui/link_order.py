"""Which links are rows of the table, and in which order. Plain lists; nothing here knows of widgets.

Links are known by their position in the book, which never changes. A link gets its sort key when it is taken in or
when the whole table is sorted, and keeps it until the next sort: a row whose status changes keeps its place.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.ui.link_filter import GROUPS, LinkFilter
from optty_desktop.ui.link_search import haystack, needle, reads_alike
from optty_desktop.ui.link_sort import SortBy, SortKey, natural, sort_key


class Links(Protocol):
    """The part of the book that is read here."""

    def __len__(self) -> int: ...
    def __getitem__(self, position: int, /) -> PaymentLink: ...


def may_still_move(link: PaymentLink) -> bool:
    """Whether somebody still waits for the end of this link: it stays on the table whatever its day."""
    return link.is_open or link.state is LinkState.UNKNOWN or link.note is Note.REFUND_ON_ITS_WAY


class LinkOrder:
    """Lists of positions: everything, in scope, found by the search, shown. A search looks through everything.

    The lists run from the smallest key to the largest. With `descending` the rows are counted from their end, so that
    the newest link is row 0 and yet only appended.
    """

    def __init__(self, links: Links) -> None:
        self._links = links
        self._by = SortBy.TIME
        self._is_descending = True
        self._filter = LinkFilter.ALL
        self._needle = ""
        self._since: datetime | None = None
        self._keys: list[SortKey] = []
        self._haystacks: list[str] = []
        self._references: list[SortKey] = []
        self._groups: list[LinkFilter] = []
        self._in_scope: list[bool] = []
        self._older_count = 0
        self._everything: list[int] = []
        self._scope: list[int] = []
        self._found = self._scope
        self._shown: list[int] = []
        self.take_in(len(links))
        self.renew()

    def __len__(self) -> int:
        return len(self._shown)

    @property
    def sorted_by(self) -> tuple[SortBy, bool]:
        """What the rows are ordered by, and whether the largest comes first."""
        return self._by, self._is_descending

    @property
    def filter(self) -> LinkFilter:
        """The view chosen."""
        return self._filter

    @property
    def is_searching(self) -> bool:
        """Whether a search is in force."""
        return bool(self._needle)

    @property
    def scope(self) -> Sequence[int]:
        """The positions of all links in scope, found or not."""
        return self._scope

    @property
    def since(self) -> datetime | None:
        """From when on links are in scope whatever their state; None for all days."""
        return self._since

    @property
    def older_count(self) -> int:
        """How many links are in scope although they were made before `since`."""
        return self._older_count

    def position_at(self, row: int) -> int:
        """Which link is in that row. Raises IndexError below the last row."""
        return self._shown[-1 - row if self._is_descending else row]

    def row_of(self, position: int) -> int | None:
        """The row of a link, or None while it is not shown."""
        shown, place = self._shown, position
        # While nothing is filtered and time is the order, a link stands at its own position.
        if place >= len(shown) or shown[place] != position:
            place = self._place(shown, position)
            if place == len(shown) or shown[place] != position:
                return None
        return self._row_at(place)

    def is_in_scope(self, position: int) -> bool:
        """Whether the link belongs to the days shown."""
        return self._in_scope[position]

    def wants(self, position: int) -> bool:
        """Whether the link belongs among the rows now: in the view, and found or, without a search, in scope."""
        return (
            (self._in_scope[position] or bool(self._needle))
            and (self._filter is LinkFilter.ALL or self._groups[position] is self._filter)
            and self._needle in self._haystacks[position]
        )

    def take_in(self, count: int) -> None:
        """Learn of `count` links added to the end of the book. None of them is shown yet, except by `show`."""
        key = sort_key(self._by)
        for position in range(len(self._keys), len(self._keys) + count):
            link = self._links[position]
            self._keys.append(key(link))
            self._haystacks.append(haystack(link))
            self._references.append(natural(link.reference))
            self._groups.append(GROUPS[link.state])
            self._in_scope.append(False)
            self._insert(self._everything, position)
            if self._needle and self._needle in self._haystacks[position]:
                self._insert(self._found, position)
            self._rescope(position, link)

    def follow(self, position: int, before: PaymentLink) -> None:
        """Learn that the link of that position has changed."""
        link = self._links[position]
        self._groups[position] = GROUPS[link.state]
        if not reads_alike(before, link):
            self._haystacks[position] = haystack(link)
            self._references[position] = natural(link.reference)
            self._search()
        if not self._in_scope[position]:
            self._rescope(position, link)

    def place_of(self, position: int) -> int:
        """The row the link would get if it were shown now."""
        place = self._place(self._shown, position)
        return len(self._shown) - place if self._is_descending else place

    def is_below(self, position: int) -> bool:
        """Whether the link would stand below every row, so that none of them moves when it comes."""
        if not self._shown:
            return True
        rank = self._rank(position)
        return rank < self._rank(self._shown[0]) if self._is_descending else rank > self._rank(self._shown[-1])

    def runs_on(self, positions: Sequence[int]) -> bool:
        """Whether the links, in this order, all come after everything shown: they can be shown as one block."""
        last = self._shown[-1:]
        ranks = [self._rank(position) for position in (*last, *positions)]
        return all(left < right for left, right in pairwise(ranks))

    def show(self, positions: Iterable[int]) -> None:
        """Make rows of links that `wants` wants."""
        for position in positions:
            self._insert(self._shown, position)

    def hide(self, position: int) -> None:
        """Take a link that is shown from the rows."""
        del self._shown[self._place(self._shown, position)]

    def set_filter(self, link_filter: LinkFilter) -> None:
        """Show only the links of that view."""
        self._filter = link_filter
        self.renew()

    def searches_for(self, text: str) -> bool:
        """Whether the search in force is that of these words."""
        return needle(text) == self._needle

    def set_search(self, text: str) -> None:
        """Show only what contains the words. A search that goes on from the last looks through its finds only."""
        wanted = needle(text)
        narrows = bool(self._needle) and self._needle in wanted
        self._needle = wanted
        self._search(self._found if narrows else self._everything)
        self.renew()

    def set_since(self, since: datetime | None) -> None:
        """Show the links made at `since` or later (None: of all days) and those that may still move."""
        self._since = since
        self._in_scope = [self._is_wanted_since(self._links[position]) for position in range(len(self._keys))]
        self._older_count = sum(
            self._is_older(self._links[position]) for position, inside in enumerate(self._in_scope) if inside
        )
        self._sort()

    def sort(self, by: SortBy, *, descending: bool) -> None:
        """Give every link its key anew and order the rows by it. Equal keys stand in the order of the book."""
        self._by, self._is_descending = by, descending
        if by is SortBy.ORDER:
            self._keys = self._references.copy()  # dear to make, so made once
        else:
            key = sort_key(by)
            self._keys = [key(self._links[position]) for position in range(len(self._keys))]
        self._sort()

    def renew(self) -> None:
        """Show exactly what belongs among the rows."""
        if self._filter is LinkFilter.ALL:
            self._shown = self._found.copy()
        else:
            groups, wanted = self._groups, self._filter
            self._shown = [position for position in self._found if groups[position] is wanted]

    def _sort(self) -> None:
        self._everything = sorted(range(len(self._keys)), key=self._keys.__getitem__)
        in_scope = self._in_scope
        self._scope = [position for position in self._everything if in_scope[position]]
        self._search()
        self.renew()

    def _search(self, among: list[int] | None = None) -> None:
        haystacks, wanted = self._haystacks, self._needle
        if wanted:
            among = self._everything if among is None else among
            self._found = [position for position in among if wanted in haystacks[position]]
        else:
            self._found = self._scope

    def _rescope(self, position: int, link: PaymentLink) -> None:
        """Let the link in if it belongs to the days shown. Once in, a link stays until the days change."""
        if not self._is_wanted_since(link):
            return
        self._in_scope[position] = True
        self._older_count += self._is_older(link)
        self._insert(self._scope, position)

    def _is_wanted_since(self, link: PaymentLink) -> bool:
        return self._since is None or link.created_at >= self._since or may_still_move(link)

    def _is_older(self, link: PaymentLink) -> bool:
        return self._since is not None and link.created_at < self._since

    def _insert(self, places: list[int], position: int) -> None:
        if not places or self._rank(places[-1]) < self._rank(position):
            places.append(position)
        else:
            places.insert(self._place(places, position), position)

    def _place(self, places: list[int], position: int) -> int:
        return bisect_left(places, self._rank(position), key=self._rank)

    def _rank(self, position: int) -> tuple[SortKey, int]:
        return self._keys[position], position

    def _row_at(self, place: int) -> int:
        return len(self._shown) - 1 - place if self._is_descending else place
