"""The columns of the table: which there are at each width, and where their content stands. Pixels."""

from enum import IntEnum

from PySide6.QtCore import QRect

from optty_desktop.ui.link_sort import SortBy
from optty_desktop.ui.words import tr

SHOWS_ALL_FROM = 900
SHOWS_ACTIONS_FROM = 600
SHOWS_ORDER_FROM = 480


class Column(IntEnum):
    """The columns in the order they stand in the model."""

    TIME = 0
    STATUS = 1
    AMOUNT = 2
    ORDER = 3
    DESCRIPTION = 4
    CREATED_BY = 5
    CANCEL = 6
    REFUND = 7

    @property
    def id(self) -> str:
        """The stable name of the column."""
        return _IDS[self]


_IDS = ("time", "status", "amount", "order", "description", "createdBy", "cancel", "refund")
SORT_BY: dict[Column, SortBy] = {Column(_IDS.index(by.value)): by for by in SortBy}
"""The columns whose head sorts the table."""

# Free room before and after the content of a cell, in reading direction.
_LEAD = {Column.TIME: 12, Column.STATUS: 12}
_TRAIL = {
    Column.TIME: 0,
    Column.STATUS: 0,
    Column.AMOUNT: 12,
    Column.ORDER: 8,
    Column.DESCRIPTION: 0,
    Column.REFUND: 12,
}
_LEAD_ELSE, _TRAIL_ELSE = 6, 6

_CANCEL_WIDTH, _REFUND_WIDTH = 100, 105
_WIDE_CANCEL_WIDTH = 106
_STATUS_WIDTH, _AMOUNT_WIDTH = 134, 132
_TIME_WIDTH = 54
_WIDE_TIME_WIDTH, _WIDE_AMOUNT_WIDTH = 60, 150
_CREATED_BY_WIDTH = 100
_ORDER_SHARE = 208 / 360
"""Of the room that order and description share. At a table of 1010 px the order takes 208 px."""


def head_word(column: Column) -> str:
    """What stands above the column; nothing above the buttons."""
    match column:
        case Column.TIME:
            return tr("Time")
        case Column.STATUS:
            return tr("Status")
        case Column.AMOUNT:
            return tr("Amount")
        case Column.ORDER:
            return tr("Order and customer")
        case Column.DESCRIPTION:
            return tr("Description")
        case Column.CREATED_BY:
            return tr("Created by")
        case Column.CANCEL | Column.REFUND:
            return ""


def column_widths(width: int) -> dict[Column, int]:
    """The width of each column shown in a table of `width`; they fill it."""
    if width < SHOWS_ORDER_FROM:
        rest = max(0, width - _TIME_WIDTH - _AMOUNT_WIDTH)
        return {Column.TIME: _TIME_WIDTH, Column.STATUS: rest, Column.AMOUNT: _AMOUNT_WIDTH}
    if width < SHOWS_ALL_FROM:
        return _middle_widths(width)
    return _wide_widths(width)


def content_rect(column: Column, cell: QRect, *, rtl: bool) -> QRect:
    """The part of `cell` that holds its content."""
    lead, trail = _LEAD.get(column, _LEAD_ELSE), _TRAIL.get(column, _TRAIL_ELSE)
    return cell.adjusted(trail, 0, -lead, 0) if rtl else cell.adjusted(lead, 0, -trail, 0)


def _middle_widths(width: int) -> dict[Column, int]:
    widths = {Column.TIME: _TIME_WIDTH, Column.STATUS: _STATUS_WIDTH, Column.AMOUNT: _AMOUNT_WIDTH}
    actions = {}
    if width >= SHOWS_ACTIONS_FROM:
        actions = {Column.CANCEL: _CANCEL_WIDTH, Column.REFUND: _REFUND_WIDTH}
    rest = width - sum(widths.values()) - sum(actions.values())
    return {**widths, Column.ORDER: rest, **actions}


def _wide_widths(width: int) -> dict[Column, int]:
    widths = {
        Column.TIME: _WIDE_TIME_WIDTH,
        Column.STATUS: _STATUS_WIDTH,
        Column.AMOUNT: _WIDE_AMOUNT_WIDTH,
        Column.CREATED_BY: _CREATED_BY_WIDTH,
        Column.CANCEL: _WIDE_CANCEL_WIDTH,
        Column.REFUND: _REFUND_WIDTH,
    }
    shared = width - sum(widths.values())
    order = round(shared * _ORDER_SHARE)
    return {**widths, Column.ORDER: order, Column.DESCRIPTION: shared - order}
