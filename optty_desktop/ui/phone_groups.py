"""Phone numbers as people read them."""

import re
from typing import Final

# North American numbering plan: neither area code nor exchange begins with 0 or 1.
_NORTH_AMERICAN: Final = re.compile(r"\+1([2-9]\d{2})([2-9]\d{2})(\d{4})")


def grouped_phone(number: str) -> str:
    """Return "+12025550154" as "+1 202 555 0154"; any other number as it is."""
    found = _NORTH_AMERICAN.fullmatch(number)
    return " ".join(("+1", *found.groups())) if found is not None else number
