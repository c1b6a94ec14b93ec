"""What is said wherever a card number is typed. It is refused and not kept."""

from optty_desktop.ui.words import tr


def card_number_problem(text: str) -> str | None:
    """The words to show when `text` holds a card number, else None."""
    # Loaded on the first check: its patterns take longer to compile than the first window has.
    from optty_desktop.core.contacts import looks_like_card_number

    return card_number_words() if looks_like_card_number(text) else None


def card_number_words() -> str:
    """What is wrong with a card number in any field."""
    return tr(
        "This looks like a card number. Never type card numbers here. The customer enters the card on the payment page"
    )
