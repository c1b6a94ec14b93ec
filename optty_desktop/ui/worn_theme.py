"""From what somebody chose to the theme that is worn. The first paint waits for it, so it is little."""

from typing import Final

from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.ui.computer_colors import ComputerColors
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Theme

FIXED: Final = {ThemeChoice.LIGHT: LIGHT, ThemeChoice.DARK: DARK, ThemeChoice.CONTRAST: HIGH_CONTRAST}
"""The choices that mean one theme whatever the computer does."""


def usual_choice(colors: ComputerColors) -> ThemeChoice:
    """What holds where nobody has chosen: light, unless the computer asks for high contrast."""
    return ThemeChoice.SYSTEM if colors.want_contrast else ThemeChoice.LIGHT


def theme_of(choice: ThemeChoice | None, colors: ComputerColors) -> Theme:
    """The theme to wear; None where nobody has chosen."""
    found = FIXED.get(choice or usual_choice(colors))
    if found is not None:
        return found
    if colors.want_contrast:
        return HIGH_CONTRAST
    return DARK if colors.are_dark else LIGHT
