"""What a search looks through: one folded text for each link, and the folded words of the person."""

from typing import Final

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount

FEWEST_LETTERS: Final = 2
"""A search begins with this many characters."""


def haystack(link: PaymentLink) -> str:
    """Reference, number, e-mail, phone, description and amount in one text, so that "64" finds 64.00.

    Lines part the fields: no search runs over the end of one into the next.
    """
    amount = format_amount(link.amount)
    return "\n".join(
        (
            link.reference, link.email, link.phone, link.description,
            amount, amount.replace(",", ""), link.invoice_number,
        )
    ).casefold()  # fmt: skip


def reads_alike(before: PaymentLink, after: PaymentLink) -> bool:
    """Whether a search would find both by the same words."""
    return (
        before.reference == after.reference
        and before.email == after.email
        and before.phone == after.phone
        and before.description == after.description
        and before.amount == after.amount
    )


def needle(text: str) -> str:
    """The words to look for; empty while there are too few. A phone number may be typed with spaces."""
    folded = " ".join(text.split()).casefold()
    if folded.startswith("+"):
        folded = folded.replace(" ", "").replace("-", "")
    return folded if len(folded) >= FEWEST_LETTERS else ""
