"""The book: positions stay, listeners hear of every change once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import LinkState, PaymentLink
from tests.fakes import link


class Ear:
    def __init__(self, book: LinkBook) -> None:
        self.book = book
        self.mirror: list[PaymentLink] = []
        book.listen(self)

    def links_added(self, first: int, count: int) -> None:
        assert first == len(self.mirror)
        self.mirror += [self.book[position] for position in range(first, first + count)]

    def link_changed(self, position: int, before: PaymentLink) -> None:
        assert self.mirror[position] == before
        assert self.book[position] != before
        self.mirror[position] = self.book[position]


links = st.builds(lambda number, state: link(f"T2-{number}", state), st.integers(0, 20), st.sampled_from(LinkState))


@given(st.lists(st.lists(links, max_size=6), max_size=8))
def test_a_listener_that_follows_sees_the_same_book(batches: list[list[PaymentLink]]) -> None:
    book = LinkBook()
    ear = Ear(book)
    expected: dict[str, PaymentLink] = {}
    for batch in batches:
        book.put_all(batch)
        expected.update({one.invoice_number: one for one in batch})
    assert ear.mirror == list(book)
    assert {one.invoice_number: one for one in book} == expected
    assert len(book) == len(expected)
    for number, one in expected.items():
        position = book.position(number)
        assert position is not None
        assert number in book
        assert book[position] == book.find(number) == one


def test_an_unknown_number_is_not_there() -> None:
    book = LinkBook()
    assert book.find("T2-0") is None
    assert book.position("T2-0") is None
    assert "T2-0" not in book
