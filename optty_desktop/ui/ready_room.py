"""How much stands between the parts of the link-ready pane, from wide to close."""

from typing import NamedTuple


class ReadyRoom(NamedTuple):
    """Pixels above everything, below the header, below the card, above the buttons, below everything."""

    above: int
    header: int
    card: int
    buttons: int
    below: int


ROOMY = ReadyRoom(12, 12, 18, 14, 16)
TIGHT = ReadyRoom(8, 8, 10, 10, 12)
CONDENSED = ReadyRoom(6, 6, 8, 0, 6)
