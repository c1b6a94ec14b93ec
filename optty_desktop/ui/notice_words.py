"""The words about pasted notifications: what was understood and what came of it."""

from collections.abc import Sequence
from typing import Final

from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.till.paste_notices import Ending, Outcome, Understood
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.short_number import link_name
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.state_look import state_word
from optty_desktop.ui.words import tr, tr_n

MOST_LINES: Final = 8
"""Links, or names that are not this till's, that are told one by one."""


def heading_words(understood: Understood) -> str:
    """How much was read."""
    return tr_n("{n} notification was read", "{n} notifications were read", understood.notices)


def understood_lines(understood: Understood) -> list[str]:
    """Which links of this till it is about, and what is not about any."""
    lines = [
        tr(
            "{reference}, {amount}: {state} until now.",
            reference=link_name(link),
            amount=format_amount(link.amount),
            state=state_word(link.state),
        )
        for link in understood.links[:MOST_LINES]
    ]
    lines += _more(len(understood.links))
    lines += [_unknown(name) for name in understood.unknown[:MOST_LINES]]
    lines += _more(len(understood.unknown))
    if understood.unreadable:
        lines.append(
            tr_n(
                "{n} part could not be read. Copy it once more, from its first to its last bracket.",
                "{n} parts could not be read. Copy them once more, each from its first to its last bracket.",
                understood.unreadable,
            )
        )
    return lines


def outcome_lines(outcomes: Sequence[Outcome], unknown: Sequence[str]) -> list[str]:
    """What came of each, one sentence a link."""
    lines = [_outcome(outcome) for outcome in outcomes[:MOST_LINES]]
    lines += _more(len(outcomes))
    return [*lines, *(_unknown(name) for name in unknown[:MOST_LINES]), *_more(len(unknown))]


def _outcome(outcome: Outcome) -> str:
    name, link = link_name(outcome.link), outcome.link
    if link.is_unconfirmed and outcome.ending in (Ending.READ, Ending.NO_ORDER):
        return _unconfirmed(link)
    match outcome.ending:
        case Ending.READ if link.state is LinkState.UNKNOWN:
            return tr("{reference}: read now, and it needs checking. Open it to see why.", reference=name)
        case Ending.READ if link.state in (LinkState.PAID, LinkState.REFUNDED):
            return tr("{reference}: read now: {state}.", reference=name, state=state_word(link.state))
        case Ending.READ:
            return tr("{reference}: the payment service says {state}.", reference=name, state=state_word(link.state))
        case Ending.NO_ORDER if link.note is Note.REPORTED:
            return tr(
                "{reference}: the payment service has such a payment, but does not say that it is for this link. "
                "Look it up in your payment account before you hand over goods.",
                reference=name,
            )
        case Ending.NO_ORDER:
            return tr(
                "{reference}: the payment service names no order for this link, so its status stays {state}.",
                reference=name,
                state=state_word(link.state),
            )
        case Ending.LATER:
            return tr("{reference}: will be read in a moment. The row shows the result.", reference=name)
        case Ending.FAILED:
            why = sentence(outcome.error, Doing.CHECK).text if outcome.error is not None else ""
            return tr("{reference}: not read. {why}.", reference=name, why=why.rstrip("."))


def _unconfirmed(link: PaymentLink) -> str:
    """A read has told nothing of it: the status is still somebody's word."""
    name = link_name(link)
    if link.is_reported_paid:
        return tr(
            "{reference}: reported as paid, not confirmed by the payment service. "
            "Look it up in your payment account before you hand over goods.",
            reference=name,
        )
    return tr(
        "{reference}: still {state}, as set by hand. The payment service has not confirmed it.",
        reference=name,
        state=state_word(link.state),
    )


def _unknown(name: str) -> str:
    return tr("“{name}” is not one of this till’s links.", name=harmless(name, 60))


def _more(count: int) -> list[str]:
    rest = count - MOST_LINES
    return [tr_n("And {n} more.", "And {n} more.", rest)] if rest > 0 else []
