"""What counts as an e-mail address and as a phone number, decided by email-validator and phonenumbers.

Both libraries are imported on first use: together they would cost a noticeable part of the start-up time.
"""

import re
from typing import Final

from optty_desktop.core.contacts import EmailProblem, PhoneProblem

# Directional and zero-width marks, which come along when text is pasted.
_UNSEEN: Final = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# phonenumbers picks a number out of any sentence and turns letters into digits; a field holds a number only.
_DIALLED: Final = re.compile(r"\+?[\d\s().\-/\u2010-\u2015\u2212]+")
_INTERNATIONAL_PREFIX: Final = re.compile(r"^00(?=[^0])")
_LONGEST_TYPED: Final = 320


class ContactRules:
    """Brings typed contacts of customers into the one form that is stored and sent."""

    def email(self, text: str) -> str:
        """Return the normalised address. Looks nothing up in the network. Raises EmailProblem."""
        typed = _UNSEEN.sub("", text).strip()
        if not typed:
            raise EmailProblem(is_missing=True)
        from email_validator import EmailNotValidError, validate_email

        try:
            return validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError:
            raise EmailProblem from None  # the library's message repeats what was typed

    def phone(self, text: str, default_region: str | None = None) -> str:
        """Return the number in E.164 form, such as "+12025550154". Raises PhoneProblem.

        The country code, after "+" or "00", may be left out where `default_region` (ISO 3166, "US") is given.
        A possible number is enough: it need not be one that an operator has given out.
        """
        typed = _UNSEEN.sub("", text).replace("\uff0b", "+").strip()
        if not typed:
            raise PhoneProblem(is_missing=True)
        if len(typed) > _LONGEST_TYPED or not _DIALLED.fullmatch(typed):
            raise PhoneProblem
        return _e164(typed, default_region)


def _e164(typed: str, default_region: str | None) -> str:
    import phonenumbers

    if default_region is None:
        typed = _INTERNATIONAL_PREFIX.sub("+", typed)
    try:
        number = phonenumbers.parse(typed, default_region)
    except phonenumbers.NumberParseException:
        raise PhoneProblem from None  # the library's message repeats what was typed
    # "Possible within its own area only" is not enough: nobody could be called abroad with it.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise PhoneProblem
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
