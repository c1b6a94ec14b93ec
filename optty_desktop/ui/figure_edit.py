"""The line an amount is typed in: its figures get smaller before any of them is out of sight."""

from collections.abc import Sequence

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Type, Weight

_STEPS = (Type.AMOUNT_INPUT.px, Type.AMOUNT_INPUT_COMPACT.px, 20, 16)
_CURSOR = 6
"""Qt's own margin on either side of the text, and the cursor."""


class FigureEdit(LineEdit):
    """A line of large figures. ``set_largest`` says where the steps begin."""

    def __init__(self, look: Look, parent: QWidget | None = None, *, largest: int, height: int) -> None:
        super().__init__(look, "", parent, height=height)
        self._largest = largest
        self._fit()
        self.textChanged.connect(self._on_changed)

    def set_largest(self, px: int) -> None:
        """Begin with this size."""
        self._largest = px
        self._fit()

    def set_wrong(self, wrong: bool) -> None:
        """Marks the line; the icon takes room from the figures."""
        super().set_wrong(wrong)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the figures to the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _on_changed(self, _text: str) -> None:
        self._fit()

    def _fit(self) -> None:
        margins = self.textMargins()
        room = self.width() - margins.left() - margins.right() - _CURSOR
        font = self._look.font_px(self._fitting(room), Weight.SEMIBOLD, figures=True)
        if font != self.font():
            self.setFont(font)

    def _fitting(self, room: int) -> int:
        steps: Sequence[int] = [px for px in _STEPS if px <= self._largest]
        return next((px for px in steps if self._width(px) <= room), steps[-1])

    def _width(self, px: int) -> int:
        metrics = QFontMetrics(self._look.font_px(px, Weight.SEMIBOLD, figures=True))
        return metrics.horizontalAdvance(self.text())
