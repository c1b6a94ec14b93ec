"""Twelve links in mixed states, as a table shows them on a busy afternoon, and the widgets tests put them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from optty_desktop.core.links import LinkState, Note, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import LIGHT, Theme
from tests import fakes
from tests.ui.ui_room import new_look

S = LinkState
_ROWS = (
    ("11:40", S.PAID, "512.40", "USD", 1042, "Office chairs, delivery", "Cashier 2"),
    ("11:57", S.EXPIRED, "98.00", "USD", 1043, "Table lamp", "Cashier 2"),
    ("12:30", S.PAID, "27.25", "USD", 1044, "Stationery order", "Cashier 1"),
    ("12:44", S.CANCELLED, "75.00", "EUR", 1045, "Gift basket", "Cashier 1"),
    ("12:58", S.REFUNDED, "150.00", "USD", 1046, "Set of four chairs", "Cashier 1"),
    ("13:20", S.PAID, "410.00", "USD", 1047, "Coffee machine", "Cashier 2"),
    ("13:41", S.DECLINED, "32.90", "USD", 1048, "Picture frame", "Cashier 1"),
    ("13:55", S.PENDING, "18.750", "KWD", 1049, "Fresh flowers, same day", "Cashier 1"),
    ("13:58", S.PAID, "64.00", "USD", 1050, "Replacement charger", "Cashier 1"),
    ("14:21", S.UNKNOWN, "1120.00", "USD", 1051, "Furniture deposit", "Cashier 2"),
    ("14:28", S.IN_PROGRESS, "86.50", "USD", 1052, "Catering tray for six", "Cashier 1"),
    ("14:32", S.PENDING, "245.00", "USD", 1053, "Garden table, delivery Friday", "Cashier 1"),
)


def table_link(
    number: int, state: LinkState = S.PENDING, amount: str = "64.00", currency: str = "USD", **changes: object
) -> PaymentLink:
    """Order `number`, made that many seconds after the fake clock's start, paid where its state says so."""
    money = Money.from_decimal_text(amount, currency)
    at = fakes.START + timedelta(seconds=number)
    made = fakes.link(
        f"T2-{number}",
        state,
        amount=money,
        reference=f"Order {number}",
        email=f"guest{number % 100:02}@example.com",
        phone=f"+1202555{number % 10000:04}",
        due_at=at + timedelta(days=3),
        created_at=at,
        changed_at=at,
        paid=money if state in (S.PAID, S.REFUNDED) else None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def afternoon() -> list[PaymentLink]:
    """The twelve links, oldest first."""
    links = [_afternoon_link(*row) for row in _ROWS]
    links[2] = replace(links[2], note=Note.REFUND_ON_ITS_WAY)
    links[4] = replace(links[4], note=Note.PART_REFUNDED, refunded_minor=5000)
    return links


@cache
def look_of(theme: Theme = LIGHT, *, reduced_motion: bool = False) -> Look:
    """The look of the test application, made once."""
    return new_look(theme, reduced_motion=reduced_motion)


def _afternoon_link(
    time: str, state: LinkState, amount: str, currency: str, number: int, description: str, by: str
) -> PaymentLink:
    hour, minute = (int(part) for part in time.split(":"))
    at: datetime = fakes.START.replace(hour=hour, minute=minute)
    return table_link(number, state, amount, currency, created_at=at, description=description, created_by=by)
