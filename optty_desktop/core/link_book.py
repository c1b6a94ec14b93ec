"""The link book: the links on this till's table, in the order they were learnt. A plain list is the truth."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from optty_desktop.core.links import PaymentLink


class BookListener(Protocol):
    """Is told of every change, after it has happened."""

    def links_added(self, first: int, count: int) -> None: ...
    def link_changed(self, position: int, before: PaymentLink) -> None: ...


class LinkBook:
    """Links by position and by invoice number. Positions never change while the book lives."""

    def __init__(self) -> None:
        self._links: list[PaymentLink] = []
        self._position: dict[str, int] = {}
        self._listeners: list[BookListener] = []

    def __len__(self) -> int:
        return len(self._links)

    def __iter__(self) -> Iterator[PaymentLink]:
        return iter(self._links)

    def __getitem__(self, position: int) -> PaymentLink:
        return self._links[position]

    def __contains__(self, invoice_number: object) -> bool:
        return invoice_number in self._position

    def find(self, invoice_number: str) -> PaymentLink | None:
        """The link of that number, or None."""
        position = self._position.get(invoice_number)
        return None if position is None else self._links[position]

    def position(self, invoice_number: str) -> int | None:
        """Where the link stands, or None."""
        return self._position.get(invoice_number)

    def listen(self, listener: BookListener) -> None:
        """Tell ``listener`` of all later changes."""
        self._listeners.append(listener)

    def put(self, link: PaymentLink) -> None:
        """Add the link, or replace the one of the same number."""
        position = self._position.get(link.invoice_number)
        if position is None:
            self.put_all((link,))
            return
        before = self._links[position]
        if before == link:
            return
        self._links[position] = link
        for listener in self._listeners:
            listener.link_changed(position, before)

    def put_all(self, links: Iterable[PaymentLink]) -> None:
        """Add many at once (one notification); links that are here already are replaced one by one."""
        first = len(self._links)
        known: list[PaymentLink] = []
        for link in links:
            if link.invoice_number in self._position:
                known.append(link)
                continue
            self._position[link.invoice_number] = len(self._links)
            self._links.append(link)
        if len(self._links) > first:
            for listener in self._listeners:
                listener.links_added(first, len(self._links) - first)
        for link in known:
            self.put(link)
