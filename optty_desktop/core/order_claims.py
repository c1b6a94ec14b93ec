"""Whether an order that a hint names is a link's own. The hint is never believed: only what a read of the order says.

An order is tied to a link by its invoice number alone, which nobody can guess: named by the service beside the order,
or standing whole in the order's merchant reference. A sum proves nothing, since others pay the same; nor does a
reference in people's words, since two links may share it.
"""

import re
from enum import Enum, auto
from typing import Final

from optty_desktop.core.invoice_numbers import find_invoice_numbers
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.ports import OrderReading

_MONEY_CAME: Final = frozenset({LinkState.PAID, LinkState.REFUNDED})


class Tie(Enum):
    """What the read of an order says about whose it is."""

    OURS = auto()
    ANOTHERS = auto()
    UNSAID = auto()


def tie(link: PaymentLink, reading: OrderReading) -> Tie:
    """Return whether the order is this link's, as far as the read tells."""
    if reading.invoice_number:
        return Tie.OURS if reading.invoice_number == link.invoice_number else Tie.ANOTHERS
    whole = rf"(?<![0-9A-Za-z]){re.escape(link.invoice_number)}(?![0-9A-Za-z])"
    if re.search(whole, reading.merchant_reference):
        return Tie.OURS
    return Tie.ANOTHERS if find_invoice_numbers(reading.merchant_reference) else Tie.UNSAID


def may_take_over(link: PaymentLink, reading: OrderReading) -> bool:
    """Whether an order of this link becomes the one it is followed by.

    A link without an order takes the first. One that has an order keeps it, unless money came through the other: a
    customer whose first attempt was declined may have paid with the next, and one attempt alone can succeed.
    """
    return link.order_reference is None or (link.paid is None and reading.state in _MONEY_CAME)
