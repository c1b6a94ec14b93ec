"""One theme to choose: a small picture of the window in it, its name, and a sentence."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.ui.passage import Passage
from optty_desktop.ui.radio_button import LEAD, RING, RadioButton
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.theme_preview import HEIGHT as PREVIEW_HEIGHT
from optty_desktop.ui.theme_preview import paint_preview
from optty_desktop.ui.tokens import Height, Radius, Space, Theme, Type

_CHOSEN = 3
_INSET = 8
_CLOSER = 8
"""The row of the name is a target for a finger; below its words it has room to spare."""
_NARROWEST = 150


class ThemeTile(RadioButton):
    """The whole tile is the target. Of several `themes` each has its share of the picture."""

    def __init__(
        self, look: Look, text: str, meaning: str, themes: Sequence[Theme], parent: QWidget | None = None
    ) -> None:
        super().__init__(look, text, parent)
        self._themes = themes
        self.setProperty("ringRadius", Radius.CARD + Space.TIGHT)
        self.setAccessibleDescription(meaning)
        words = Passage(look, Type.SMALL, ink="text_muted", figures=False, parent=self)
        words.setText(meaning)
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        below = QHBoxLayout()
        below.addSpacing(LEAD)
        below.addWidget(words, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_INSET, _INSET + PREVIEW_HEIGHT + Height.HIT - _CLOSER, _INSET, Space.ROW)
        self._column.addLayout(below)
        self._column.addStretch(1)

    def sizeHint(self) -> QSize:
        """Picture and name, and the sentence in as many lines as it takes."""
        name = super().sizeHint().width() + 2 * _INSET
        width = max(_NARROWEST, name)
        return QSize(width, self._column.totalHeightForWidth(width))

    def focus_ring_rect(self) -> QRect:
        """The focus ring goes round the tile."""
        return self.rect()

    def ring_rect(self) -> QRect:
        """The painted ring stands below the picture, where the tile begins."""
        left = self.width() - _INSET - RING if self._is_rtl() else _INSET
        return QRect(left, _INSET + PREVIEW_HEIGHT + (Height.HIT - RING) // 2, RING, RING)

    def words_rect(self) -> QRect:
        """The name, beside the ring."""
        room = QRect(_INSET, _INSET + PREVIEW_HEIGHT, self.width() - 2 * _INSET, Height.HIT)
        return room.adjusted(0, 0, -LEAD, 0) if self._is_rtl() else room.adjusted(LEAD, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, picture, ring, name."""
        painter = QPainter(self)
        is_chosen = self.isChecked()
        border = self._look.color("accent" if is_chosen else "control_border")
        width = _CHOSEN if is_chosen else self._look.theme.border
        fill = self._look.color("surface_alt" if self.underMouse() else "surface")
        draw_box(painter, self.rect(), Radius.CARD, fill=fill, border=border, width=width)
        self._paint_picture(painter, QRect(_INSET, _INSET, self.width() - 2 * _INSET, PREVIEW_HEIGHT))
        painter.end()
        super().paintEvent(event)

    def _paint_picture(self, painter: QPainter, rect: QRect) -> None:
        painter.save()
        if self._is_rtl():
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        share = rect.width() // len(self._themes)
        for place, theme in enumerate(self._themes):
            left = rect.left() + place * share
            painter.setClipRect(QRect(left, rect.top(), rect.right() - left + 1, rect.height()))
            paint_preview(painter, rect, theme)
        painter.restore()
