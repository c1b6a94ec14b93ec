"""A row of the table in words, for screen readers, tests and automation."""

from datetime import tzinfo

from optty_desktop.core.links import PaymentLink, RowAction, row_action
from optty_desktop.core.money import format_amount
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.short_number import shown_description, shown_reference
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.state_look import state_word
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.words import tr


def row_sentence(link: PaymentLink, zone: tzinfo | None = None) -> str:
    """The row as one sentence: "Order 1050, Paid, USD 64.00, 13:58". Never a way to reach the customer."""
    return tr(
        "{reference}, {state}, {amount}, {time}",
        reference=harmless(shown_reference(link)),
        state=_state(link),
        amount=format_amount(link.amount),
        time=clock_time(link.created_at, zone),
    )


def _state(link: PaymentLink) -> str:
    word = state_word(link.state)
    if link.is_reported_paid:
        return tr("{state} (reported, not confirmed)", state=word)
    return tr("{state} (set by hand)", state=word) if link.is_set_by_hand else word


def cell_words(column: Column, link: PaymentLink, zone: tzinfo | None = None) -> str:
    """What one cell says."""
    match column:
        case Column.TIME:
            return clock_time(link.created_at, zone)
        case Column.STATUS:
            return _state(link)
        case Column.AMOUNT:
            return format_amount(link.amount)
        case Column.ORDER:
            return harmless(shown_reference(link))
        case Column.DESCRIPTION:
            return harmless(shown_description(link))
        case Column.CREATED_BY:
            return link.created_by
        case Column.CANCEL | Column.REFUND:
            return action_word(column, link)


def action_word(column: Column, link: PaymentLink) -> str:
    """The word on the button in that cell, empty where there is none. Cancel and Refund never share a column."""
    action = row_action(link)
    if column is Column.REFUND:
        return tr("Refund…") if action is RowAction.REFUND else ""
    if column is not Column.CANCEL:
        return ""
    if action in (RowAction.CANCEL, RowAction.CANCEL_OFF):
        return tr("Cancel…")
    return tr("Check") if action is RowAction.CHECK else ""
