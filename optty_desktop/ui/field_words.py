"""The words of the form: what its fields are called and what is wrong with them."""

from collections.abc import Mapping, Sequence

from optty_desktop.core.drafts import MAX_TEXT, DraftField, Problem
from optty_desktop.core.money import Money, format_amount
from optty_desktop.ui.card_numbers import card_number_words
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

# Wire names: Optty, POST /custom/hpp, "Creating a Session".
_WIRE_FIELDS: Mapping[str, DraftField] = {
    "email": DraftField.EMAIL,
    "phoneNumber": DraftField.PHONE,
    "price": DraftField.AMOUNT,
    "currency": DraftField.AMOUNT,
    "description": DraftField.DESCRIPTION,
    "referenceName": DraftField.REFERENCE,
    "invoiceNumber": DraftField.REFERENCE,
    "dueDate": DraftField.DUE_DATE,
    "items": DraftField.ITEMS,
    "subTotal": DraftField.TAX,
    "taxAmount": DraftField.TAX,
}

# One piece: a number that breaks over two lines reads as two.
_EXAMPLE_PHONE = "+1\u00a0202\u00a0555\u00a00100"


def field_label(field: DraftField) -> str:
    """What the field is called."""
    match field:
        case DraftField.AMOUNT:
            return tr("Amount")
        case DraftField.EMAIL:
            return tr("Customer e-mail")
        case DraftField.PHONE:
            return tr("Customer phone")
        case DraftField.DESCRIPTION:
            return tr("Description")
        case DraftField.REFERENCE:
            return tr("Reference")
        case DraftField.DUE_DATE:
            return tr("Due date")
        case DraftField.ITEMS:
            return tr("Items")
        case DraftField.TAX:
            return tr("Tax")


def limit_words(limit: Money) -> str:
    """Why an amount is too much for one link, and what to do."""
    return tr("One link may ask for {limit} at most. Ask whoever manages this till", limit=format_amount(limit))


def problem_words(field: DraftField, problem: Problem, limit: Money | None = None) -> str:
    """What is wrong and how to put it right. `limit` is the most that one link may ask for."""
    if problem is Problem.ABOVE_LIMIT and limit is not None:
        return limit_words(limit)
    if problem is Problem.CARD_NUMBER:
        return card_number_words()
    if problem is Problem.TOO_LONG:
        return tr("Use at most {n} characters", n=MAX_TEXT[field])
    match field, problem:
        case DraftField.AMOUNT, Problem.MISSING:
            return tr("Enter an amount")
        case DraftField.AMOUNT, _:
            return tr("Enter an amount above {zero}", zero="0")
        case DraftField.EMAIL, Problem.MISSING:
            return tr("Enter the customer's e-mail address")
        case DraftField.EMAIL, _:
            return tr("Enter a full address, like name@example.com")
        case DraftField.PHONE, _:
            return tr("Enter a phone number with country code, like {example}", example=_EXAMPLE_PHONE)
        case DraftField.DUE_DATE, _:
            return tr("Choose today or a later date")
        case DraftField.ITEMS, Problem.MISSING:
            return tr("Give every item a name and a price")
        case DraftField.ITEMS, _:
            return tr("Enter whole quantities and prices in the currency of the link")
        case DraftField.TAX, _:
            return tr("Enter a tax in the currency of the link, not above the amount")
    return tr("Look at this field again")


def refused_fields(fields: Mapping[str, Sequence[str]]) -> dict[DraftField, tuple[str, ...]]:
    """The service's complaints by field of the form; wire names that no field stands for are left out."""
    found: dict[DraftField, tuple[str, ...]] = {}
    for wire_name, messages in fields.items():
        field = _WIRE_FIELDS.get(wire_name.split(".")[0].split("[")[0])
        if field is not None:
            found[field] = (*found.get(field, ()), *messages)
    return found


def refused_field_words() -> str:
    """What stands at a field that the service refused."""
    return tr("The payment service did not accept this. Change it, then create the link again")


def refusal_words(fields: Sequence[DraftField], messages: Sequence[str]) -> str:
    """The sentence above the button: our names for the fields, else the service's own words, made harmless."""
    if fields:
        reason = ", ".join(field_label(field) for field in fields)
    else:
        reason = "; ".join(harmless(message.strip().rstrip("."), 200) for message in messages[:3] if message.strip())
    if not reason:
        reason = tr("it gave no reason")
    return tr("The payment service did not accept this link: {reason}. Nothing was created", reason=reason)
