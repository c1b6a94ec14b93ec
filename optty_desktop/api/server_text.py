"""Makes text of a server fit to be shown: short, and with nothing in it that hides or turns other text."""

import unicodedata
from typing import Final

LONGEST_MESSAGE: Final = 300

# Controls, format characters (all bidi marks, zero widths), surrogates, private and unassigned ones, line separators.
_ESCAPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown_text(text: str, limit: int = LONGEST_MESSAGE) -> str:
    """Return at the most ``limit`` characters of ``text``, with unseen and turning characters as ``\\u202e``."""
    shown = "".join(map(_escape, text[:limit]))
    return shown if len(text) <= limit and len(shown) <= limit else shown[: limit - 1] + "…"


def _escape(character: str) -> str:
    if unicodedata.category(character) not in _ESCAPED:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
