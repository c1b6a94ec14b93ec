"""The colours a person has set for the whole computer, as far as Qt hears of them."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication


class ComputerColors(QObject):
    """`changed`: somebody has set others while the program runs. Where nobody knows, the computer is light."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hints = QGuiApplication.styleHints()
        self._access = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self.changed)
        self._access.contrastPreferenceChanged.connect(self.changed)

    @property
    def are_dark(self) -> bool:
        """Whether windows are dark."""
        return self._hints.colorScheme() is Qt.ColorScheme.Dark

    @property
    def want_contrast(self) -> bool:
        """Whether windows are to be of high contrast."""
        return self._access.contrastPreference() is Qt.ContrastPreference.HighContrast

    def set_frames(self, are_dark: bool | None) -> None:
        """Ask for dark or light frames round the windows, where the desktop draws them; None: its own."""
        if are_dark is None:
            self._hints.unsetColorScheme()
        else:
            self._hints.setColorScheme(Qt.ColorScheme.Dark if are_dark else Qt.ColorScheme.Light)
