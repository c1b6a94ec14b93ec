"""A computer whose colours the test sets."""

from __future__ import annotations

from optty_desktop.ui.computer_colors import ComputerColors


class FakeColors(ComputerColors):
    """Light until somebody sets it. ``frames`` are those that were asked for; None: the computer's own."""

    def __init__(self, *, are_dark: bool = False, want_contrast: bool = False) -> None:
        super().__init__()
        self._is_dark, self._is_strong = are_dark, want_contrast
        self.frames: bool | None = None

    @property
    def are_dark(self) -> bool:
        return self._is_dark

    @property
    def want_contrast(self) -> bool:
        return self._is_strong

    def set_frames(self, are_dark: bool | None) -> None:
        self.frames = are_dark

    def become(self, *, are_dark: bool = False, want_contrast: bool = False) -> None:
        """Somebody sets others for the whole computer."""
        self._is_dark, self._is_strong = are_dark, want_contrast
        self.changed.emit()
