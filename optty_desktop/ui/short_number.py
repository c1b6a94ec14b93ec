"""The name of a link as it is shown: what staff gave, or our own long number cut to what can be read aloud."""

from typing import Final

from optty_desktop.core.invoice_numbers import is_invoice_number
from optty_desktop.core.links import PaymentLink
from optty_desktop.ui.shown_text import harmless

_SHOWN: Final = 6
_LONGEST_NAME: Final = 60


def shown_reference(link: PaymentLink) -> str:
    """Return the reference, or "T2 · HJX9D4" for our number "T2-01KGC3Q8ZV-7R2M0W5TYHJX9D4"."""
    reference = link.reference.strip()
    if not reference or reference == link.invoice_number:
        return _short(link.invoice_number)
    return _short(reference) if is_invoice_number(reference) else reference


def link_name(link: PaymentLink) -> str:
    """Return the reference as a sentence names it: short, and with nothing in it that could hide or turn the rest."""
    return harmless(shown_reference(link), _LONGEST_NAME)


def shown_description(link: PaymentLink) -> str:
    """Return what staff typed; nothing where the app made a description of its own number, which says nothing."""
    return "" if link.invoice_number in link.description else link.description


def _short(number: str) -> str:
    prefix, dash, rest = number.partition("-")
    return f"{prefix} · {rest.rpartition('-')[2][-_SHOWN:]}" if dash and rest else number
