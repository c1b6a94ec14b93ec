"""News in words: for the toast, and for a notification of the computer, which others may read over a shoulder."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.core.news import News
from optty_desktop.ui.short_number import shown_reference
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.times import when
from optty_desktop.ui.words import tr, tr_n

_LONGEST: Final = 60
_TELLING_DIGITS: Final = 7
"""So many digits of a phone number are enough to know whose it is."""


@dataclass(frozen=True, slots=True)
class Several:
    """Links that one piece of news is about: how many, the last of them, and since when they came."""

    count: int
    last: PaymentLink
    since: datetime


def one_more(before: Several | None, link: PaymentLink) -> Several:
    """The links of before, and this one."""
    came = link.paid_at or link.changed_at
    if before is None:
        return Several(1, link, came)
    return Several(before.count + 1, link, min(before.since, came))


def paid_words(paid: Several, now: datetime) -> str:
    """What the toast says about money that has come."""
    if paid.count == 1:
        return tr("Paid: {amount}, {reference}.", amount=_amount(paid.last), reference=_reference(paid.last))
    return tr_n(
        "{n} link was paid since {time}.",
        "{n} links were paid since {time}.",
        paid.count,
        time=when(paid.since, now),
    )


def alert_words(news: News, several: Several, now: datetime) -> str:
    """What a notification says: amount and order, and nothing of the customer."""
    link, count = several.last, several.count
    values = {"amount": _amount(link), "reference": public_reference(link)}
    if news is News.PAID:
        if count == 1:
            return tr("Paid: {amount}, {reference}", **values)
        return paid_words(several, now)
    if news is News.BECAME_REFUND:
        if count == 1:
            return tr("Your cancel became a refund: {amount}, {reference}", **values)
        return tr_n("{n} cancel became a refund", "{n} cancels became refunds", count)
    if count == 1:
        return tr("Needs check: {amount}, {reference}. Do not send it again until it is clear", **values)
    return tr_n(
        "{n} link needs checking. Do not send it again until it is clear",
        "{n} links need checking. Do not send them again until they are clear",
        count,
    )


def public_reference(link: PaymentLink) -> str:
    """The reference as anybody may read it; one that holds a contact of the customer gives way to our number."""
    phone = _digits(link.phone)[-_TELLING_DIGITS:]
    if "@" in link.reference or (phone and phone in _digits(link.reference)):
        return shown_reference(replace(link, reference=""))
    return _reference(link)


def _reference(link: PaymentLink) -> str:
    return harmless(shown_reference(link), _LONGEST)


def _amount(link: PaymentLink) -> str:
    return format_amount(link.paid or link.amount)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
