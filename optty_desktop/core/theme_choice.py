"""Which theme somebody wants the window to wear."""

from enum import StrEnum


class ThemeChoice(StrEnum):
    """The values are the words in the file that keeps it. ``SYSTEM`` follows the computer."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"
    SYSTEM = "system"
