"""Text of customers and servers made fit to be shown: nothing in it may hide or turn the text around it."""

import unicodedata
from typing import Final

LONGEST: Final = 500

# Controls, format characters (all marks of direction, zero widths), surrogates, private and unassigned ones.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Joiners shape Arabic letters and emoji and can hide nothing; the soft hyphen is only a place to break.
_NEEDED: Final = frozenset("\u200c\u200d")
# Not html.escape: its module knows all entities, and is slow to load.
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def harmless(text: str, limit: int = LONGEST) -> str:
    """Return at the most `limit` characters of `text`; line ends become spaces, unseen characters like `\\u202e`."""
    if len(text) <= limit and text.isprintable():
        return text
    shown = "".join(_shown(character) for character in text[:limit])
    return shown if len(text) <= limit else shown + "…"


def safe_tooltip(text: str) -> str:
    """`text` for a tooltip, which would take angle brackets for markup."""
    return f"<span>{harmless(text).translate(_MARKUP)}</span>"


def _shown(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if character in _NEEDED or unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
