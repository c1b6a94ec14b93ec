"""The words of the note under a link's reference: what its state alone does not tell."""

from optty_desktop.core.contacts import mask_email, mask_phone
from optty_desktop.core.links import Note, PaymentLink
from optty_desktop.core.money import Money, format_figure
from optty_desktop.ui.words import tr


def note_words(note: Note, link: PaymentLink) -> str:
    """The words of `note` for `link`; empty for a note that the state says already."""
    match note:
        case Note.PART_REFUNDED:
            return _part(link)
        case Note.SENDING:
            return tr("Sending")
        case Note.NOT_CONFIRMED:
            return ""
        case Note.REFUND_ON_ITS_WAY:
            return tr("Refund on its way")
        case Note.REFUND_FAILED:
            return tr("Refund failed")
        case Note.REFUND_NOT_CONFIRMED:
            return tr("Refund not confirmed")
        case Note.CANCEL_NOT_CONFIRMED:
            return tr("Cancel not confirmed")
        case Note.PAID_LATE:
            return tr("Paid late")
        case Note.OVERDUE:
            return tr("Overdue")
        case Note.AMOUNT_DIFFERS:
            return tr("Amount differs")
        case Note.ADDRESS_HELD_BACK:
            return tr("Address held back")
        case Note.ADDRESS_LOST:
            return tr("Address lost")
        case Note.REPORTED:
            return tr("Reported, not confirmed")
        case Note.SET_BY_HAND:
            return tr("Set by hand")


def masked_contact(link: PaymentLink) -> str:
    """The customer's e-mail address, or the phone number where there is none, so masked that nobody can use it."""
    return mask_email(link.email) or mask_phone(link.phone)


def _part(link: PaymentLink) -> str:
    whole = link.paid or link.amount
    back = Money(link.refunded_minor, whole.currency)
    return tr("Part: {part} of {whole}", part=format_figure(back), whole=format_figure(whole))
