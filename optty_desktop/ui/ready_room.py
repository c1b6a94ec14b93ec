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
LOW = ReadyRoom(6, 6, 6, 6, 4)
"""Without the caption, and the buttons in one row."""
CONDENSED = ReadyRoom(6, 6, 8, 0, 6)
"""Without the progress, too."""
BARE = ReadyRoom(6, 6, 8, 1, 6)
"""Without the code, which has a window of its own; what hands the link over comes first."""
