"""Which family the window is set in, and the bundled faces for computers without a designed one.

A face is loaded when the first text of its weight is set, so the first window pays only for what it shows.
"""

from PySide6.QtGui import QFont, QFontDatabase

from optty_desktop.ui.assets import resource
from optty_desktop.ui.tokens import Weight

_DESIGNED = (
    "Segoe UI", ".AppleSystemUIFont", ".SF NS", "SF Pro", "San Francisco", "Noto Sans", "Cantarell",
    "Ubuntu", "Roboto", "Inter", "Adwaita Sans", "Open Sans", "Source Sans", "IBM Plex Sans", "Fira Sans",
)  # fmt: skip
_BUNDLED = "Inter"
_FILES = {
    Weight.REGULAR: "Inter-Regular.ttf",
    Weight.MEDIUM: "Inter-Medium.ttf",
    Weight.SEMIBOLD: "Inter-SemiBold.ttf",
    Weight.BOLD: "Inter-Bold.ttf",
}
_TABULAR = QFont.Tag("tnum") if hasattr(QFont, "Tag") else None


class Fonts:
    """Hands out fonts in pixel sizes."""

    def __init__(self, system_family: str) -> None:
        designed = system_family.startswith(_DESIGNED)
        self._family = system_family if designed else _BUNDLED
        self._missing = {} if designed else dict(_FILES)

    @property
    def family(self) -> str:
        """The family every text of the window is set in."""
        return self._family

    def font(self, px: int, weight: int, *, figures: bool = False) -> QFont:
        """A font of `px` pixels, `weight` on the scale 400 to 700; `figures` gives digits of one width."""
        self._load(weight)
        font = QFont(self._family)
        font.setPixelSize(px)
        font.setWeight(QFont.Weight(weight))
        if figures and _TABULAR is not None:
            font.setFeature(_TABULAR, 1)
        return font

    def _load(self, weight: int) -> None:
        name = self._missing.pop(weight, None)
        if name is not None:
            QFontDatabase.addApplicationFont(str(resource("fonts", name)))


def system_family() -> str:
    """The family the desktop has chosen for user interfaces; an alias such as "Sans" where it has chosen none."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
