"""The message staff send to the customer together with a link."""

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.ui.short_number import shown_reference
from optty_desktop.ui.times import day
from optty_desktop.ui.words import tr


def customer_message(link: PaymentLink, shop: str) -> str:
    """The words to send, in one line, with the whole address. Raises ValueError for a link without one."""
    if link.url is None:
        raise ValueError("this link has no address to send")
    return tr(
        "Hello, here is your payment link from {shop} for {amount} ({reference}). It is valid until {date}: {link}",
        shop=shop,
        amount=format_amount(link.amount),
        reference=shown_reference(link),
        date=day(link.due_at),
        link=link.url,
    )
