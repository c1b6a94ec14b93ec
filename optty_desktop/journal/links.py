"""Payment links as rows of the table ``links``."""

import sqlite3
from datetime import datetime
from typing import Final

from optty_desktop.core.links import Evidence, LinkState, Note, PaymentLink, Source
from optty_desktop.core.money import Money
from optty_desktop.journal.columns import Row, micros, moment, read_row

_SELECT: Final = """
SELECT invoice_number, amount_minor, currency, reference, description, email, phone, due_at, email_customer,
    created_at, created_by, state, source, checked_at, raw_word, changed_at, note, url, order_reference, allows_tip,
    paid_minor, paid_currency, paid_at, paid_with, refunded_minor
FROM links
"""

_PUT: Final = """
INSERT INTO links (invoice_number, amount_minor, currency, reference, description, email, phone, due_at,
    email_customer, created_at, created_by, state, source, checked_at, raw_word, changed_at, note, url,
    order_reference, allows_tip, paid_minor, paid_currency, paid_at, paid_with, refunded_minor)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (invoice_number) DO UPDATE SET
    amount_minor = excluded.amount_minor, currency = excluded.currency, reference = excluded.reference,
    description = excluded.description, email = excluded.email, phone = excluded.phone, due_at = excluded.due_at,
    email_customer = excluded.email_customer, created_at = excluded.created_at, created_by = excluded.created_by,
    state = excluded.state, source = excluded.source, checked_at = excluded.checked_at,
    raw_word = excluded.raw_word, changed_at = excluded.changed_at, note = excluded.note, url = excluded.url,
    order_reference = excluded.order_reference, allows_tip = excluded.allows_tip, paid_minor = excluded.paid_minor,
    paid_currency = excluded.paid_currency, paid_at = excluded.paid_at, paid_with = excluded.paid_with,
    refunded_minor = excluded.refunded_minor, is_withdrawn = 0
"""

_WITHDRAW: Final = "UPDATE links SET is_withdrawn = 1, email = '', phone = '' WHERE invoice_number = ?"

_EMPTY_REQUESTS: Final = "UPDATE operations SET body = x'' WHERE invoice_number = ?"

_PAGE: Final = (
    _SELECT
    + """
WHERE is_withdrawn = 0 AND created_at >= ? AND (created_at, invoice_number) < (?, ?)
ORDER BY created_at DESC, invoice_number DESC LIMIT ?
"""
)

# The condition of the index ``links_unsettled``, word for word: else SQLite walks the whole table.
_UNSETTLED: Final = (
    _SELECT
    + """
WHERE is_withdrawn = 0
    AND (state NOT IN ('paid', 'refunded', 'cancelled', 'expired')
        OR note IN ('refund_on_its_way', 'cancel_not_confirmed'))
ORDER BY created_at DESC, invoice_number DESC
"""
)

_OF_ORDER: Final = (
    _SELECT + "WHERE is_withdrawn = 0 AND order_reference = ? ORDER BY created_at DESC, invoice_number DESC LIMIT 1"
)

_FIRST_MOMENT: Final = -(2**63)
_LAST_MOMENT: Final = 2**63 - 1


def put_link(connection: sqlite3.Connection, row: Row) -> None:
    """Write a row made by `link_row`, in place of the one with the same invoice number."""
    connection.execute(_PUT, row)


def withdraw_link(connection: sqlite3.Connection, invoice_number: str) -> None:
    """Hide the link and erase its contacts, also from the requests that repeat them; what belongs to it stays.

    Nothing happens if there is none.
    """
    connection.execute(_WITHDRAW, (invoice_number,))
    connection.execute(_EMPTY_REQUESTS, (invoice_number,))


def link(connection: sqlite3.Connection, invoice_number: str) -> PaymentLink | None:
    """Return the link of that number, or None."""
    row = connection.execute(_SELECT + "WHERE is_withdrawn = 0 AND invoice_number = ?", (invoice_number,)).fetchone()
    return None if row is None else _read(row)


def link_of_order(connection: sqlite3.Connection, order_reference: str) -> PaymentLink | None:
    """Return the newest link that has this order, or None."""
    row = connection.execute(_OF_ORDER, (order_reference,)).fetchone()
    return None if row is None else _read(row)


def links(
    connection: sqlite3.Connection, since: datetime | None, before: tuple[datetime, str] | None, limit: int
) -> list[PaymentLink]:
    """Return a page of links, newest first; ``since`` is inclusive, ``before`` exclusive."""
    first = _FIRST_MOMENT if since is None else micros(since)
    last = (_LAST_MOMENT, "") if before is None else (micros(before[0]), before[1])
    return [_read(row) for row in connection.execute(_PAGE, (first, *last, limit))]


def unsettled_links(connection: sqlite3.Connection) -> list[PaymentLink]:
    """Return the links whose end is not known, newest first."""
    return [_read(row) for row in connection.execute(_UNSETTLED)]


def link_row(link: PaymentLink) -> Row:
    """Return the columns of a link, in the order of the table."""
    paid = (None, None) if link.paid is None else (link.paid.minor, link.paid.currency)
    return (
        *(link.invoice_number, link.amount.minor, link.amount.currency, link.reference, link.description),
        *(link.email, link.phone, micros(link.due_at), link.email_customer, micros(link.created_at)),
        *(link.created_by, link.state.value, link.evidence.source.value, micros(link.evidence.checked_at)),
        *(link.evidence.raw_word, micros(link.changed_at), link.note and link.note.value, link.url),
        *(link.order_reference, link.allows_tip, *paid, link.paid_at and micros(link.paid_at)),
        *(link.paid_with, link.refunded_minor),
    )


def _read(row: Row) -> PaymentLink:
    return read_row("links", _link, row)


def _link(
    invoice_number: str,
    amount_minor: int,
    currency: str,
    reference: str,
    description: str,
    email: str,
    phone: str,
    due_at: int,
    email_customer: int,
    created_at: int,
    created_by: str,
    state: str,
    source: str,
    checked_at: int,
    raw_word: str,
    changed_at: int,
    note: str | None,
    url: str | None,
    order_reference: str | None,
    allows_tip: int,
    paid_minor: int | None,
    paid_currency: str | None,
    paid_at: int | None,
    paid_with: str,
    refunded_minor: int,
) -> PaymentLink:
    known = _STATES.get(state, LinkState.UNKNOWN)
    # A state this program does not know is shown as unknown, with its word kept as evidence.
    word = raw_word or ("" if state in _STATES else state)
    return PaymentLink(
        invoice_number=invoice_number,
        amount=Money(amount_minor, currency),
        reference=reference,
        description=description,
        email=email,
        phone=phone,
        due_at=moment(due_at),
        email_customer=bool(email_customer),
        created_at=moment(created_at),
        created_by=created_by,
        state=known,
        evidence=Evidence(Source(source), moment(checked_at), word),
        changed_at=moment(changed_at),
        note=None if note is None else Note(note),
        url=url,
        order_reference=order_reference,
        allows_tip=bool(allows_tip),
        paid=None if paid_minor is None else Money(paid_minor, paid_currency or currency),
        paid_at=None if paid_at is None else moment(paid_at),
        paid_with=paid_with,
        refunded_minor=refunded_minor,
    )


_STATES: Final = {state.value: state for state in LinkState}
