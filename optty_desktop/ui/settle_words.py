"""The words for closing by hand: what is not known, what may be found, what follows from it."""

from dataclasses import dataclass

from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import format_amount
from optty_desktop.core.operations import Operation, OperationKind
from optty_desktop.till.settle_by_hand import Found, refunded_with
from optty_desktop.ui.words import tr


@dataclass(frozen=True, slots=True)
class FindingWords:
    """What the person has seen, as a sentence, and what becomes of the row."""

    sentence: str
    consequence: str


def what_is_not_known(operation: Operation) -> str:
    """What is in doubt and where to look, with strong words for `Passage.say`; its place is `{amount}`."""
    match operation.kind:
        case OperationKind.CREATE:
            return tr(
                "We do not know if this link for {amount} exists. "
                "**Look for it in the portal of the payment service**, under this invoice number."
            )
        case OperationKind.CANCEL:
            return tr(
                "We do not know if this link for {amount} was cancelled. "
                "**Look at it in the portal of the payment service**, under this invoice number."
            )
        case OperationKind.REFUND:
            return tr(
                "We do not know if the refund of {amount} went through. "
                "**Look at the payment in the portal of the payment service**, under this invoice number."
            )


def finding_words(found: Found, operation: Operation, link: PaymentLink) -> FindingWords:
    """How `found` is offered as the end of `operation`."""
    match found:
        case Found.EXISTS:
            return FindingWords(
                tr("The payment service shows this link"),
                tr("The row becomes Pending, but its address stays lost: cancel it, then make a new link."),
            )
        case Found.DOES_NOT_EXIST:
            return FindingWords(
                tr("The payment service does not show this link"),
                tr("The row becomes Cancelled and is gone at the next start. You can make a new link."),
            )
        case Found.CANCELLED:
            return FindingWords(
                tr("The payment service shows it as cancelled"), tr("The row becomes Cancelled. Nothing is sent.")
            )
        case Found.STILL_OPEN:
            return FindingWords(
                tr("The payment service shows it as still open"),
                tr("The row becomes Pending. Nothing is sent. You can cancel it again."),
            )
        case Found.REFUNDED:
            return FindingWords(tr("The payment service shows it as refunded"), _after_refund(operation, link))
        case Found.NOT_REFUNDED:
            return FindingWords(tr("The payment service shows no such refund"), _after_no_refund(link))


def short_finding(value: str) -> str:
    """The finding of a timeline entry in a word or two; empty for one that this program does not know."""
    match value:
        case Found.EXISTS:
            return tr("Link exists")
        case Found.DOES_NOT_EXIST:
            return tr("Link does not exist")
        case Found.CANCELLED:
            return tr("Found cancelled")
        case Found.STILL_OPEN:
            return tr("Found still open")
        case Found.REFUNDED:
            return tr("Found refunded")
        case Found.NOT_REFUNDED:
            return tr("Found not refunded")
    return ""


def _after_refund(operation: Operation, link: PaymentLink) -> str:
    if operation.kind is OperationKind.CANCEL:
        return tr("The row becomes Refunded: the customer had paid, and the money went back. Nothing is sent.")
    if link.paid is not None and refunded_with(link, operation) < link.paid.minor:
        return tr(
            "The row becomes Refunded in part, {amount} by this refund. Nothing is sent.",
            amount=format_amount(operation.amount),
        )
    return tr("The row becomes Refunded. Nothing is sent.")


def _after_no_refund(link: PaymentLink) -> str:
    if link.refunded_minor:
        return tr("The row stays Refunded in part, as it was. Nothing is sent. You can refund the rest.")
    return tr("The row becomes Paid again. Nothing is sent. You can refund it anew.")
