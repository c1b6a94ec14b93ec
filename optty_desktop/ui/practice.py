"""What "Make a practice link" fills into the form: a made-up order of a made-up customer."""

from datetime import datetime, timedelta

from optty_desktop.core.links import Evidence, LinkState, PaymentLink, Source
from optty_desktop.core.money import Money
from optty_desktop.ui.words import tr

_USUAL_DAYS = 3


def practice_link(now: datetime) -> PaymentLink:
    """An example to fill the form from; it is nowhere in the book."""
    return PaymentLink(
        invoice_number="PRACTICE",
        amount=Money(18275, "USD"),
        reference=tr("Order 1054"),
        description=tr("Two boxed gift sets, delivery"),
        email="guest54@example.com",
        phone="+12025550154",
        due_at=now + timedelta(days=_USUAL_DAYS),
        email_customer=False,
        created_at=now,
        created_by="",
        state=LinkState.PENDING,
        evidence=Evidence(Source.TILL, now),
        changed_at=now,
    )
