"""One of several choices in a whole sentence, with what follows from it on the lines below."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from optty_desktop.ui.radio_button import LEAD, RING, RadioButton
from optty_desktop.ui.shapes import mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type

_WRAP = int(Qt.TextFlag.TextWordWrap)
_NARROWEST = 200


class ToldChoice(RadioButton):
    """Both texts wrap, and the whole of it is the target. Screen readers get the second text as the description."""

    def __init__(self, look: Look, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(look, sentence, parent)
        self._consequence = ""
        self._small = look.font(Type.SMALL, figures=True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def tell(self, consequence: str) -> None:
        """Change what follows, or why it cannot be chosen yet."""
        if consequence != self._consequence:
            self._consequence = consequence
            self.setAccessibleDescription(consequence)
            self.updateGeometry()
            self.update()

    @property
    def consequence(self) -> str:
        """What is said below the sentence."""
        return self._consequence

    def hasHeightForWidth(self) -> bool:
        """A narrower choice is a higher one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Both texts, one below the other."""
        room = max(1, width - LEAD)
        text = _height(self.font(), self.text(), room, Type.BODY) + self._small_height(room)
        return max(Height.HIT, text + 2 * Space.CLOSE)

    def sizeHint(self) -> QSize:
        """Both texts on one line each."""
        widest = max(
            QFontMetrics(self.font()).horizontalAdvance(self.text()),
            QFontMetrics(self._small).horizontalAdvance(self._consequence),
        )
        width = LEAD + widest + 2
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Texts wrap."""
        return QSize(_NARROWEST, Height.HIT)

    def focus_ring_rect(self) -> QRect:
        """The focus ring goes round the painted one, which stands beside the first line."""
        ring = QRect(0, Space.CLOSE + (Type.BODY.line - RING) // 2, RING, RING)
        return mirrored(ring, self.rect(), rtl=self._is_rtl())

    def _paint_words(self, painter: QPainter) -> None:
        room = self.width() - LEAD
        top = Space.CLOSE
        high = _height(self.font(), self.text(), room, Type.BODY)
        font = self._words_font()
        self._paint_text(painter, QRect(LEAD, top, room, high), self.text(), font, "text")
        below = QRect(LEAD, top + high, room, self._small_height(room))
        self._paint_text(painter, below, self._consequence, self._small, "text_muted")

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, font: QFont, token: str) -> None:
        painter.setFont(font)
        painter.setPen(self._look.color(token if self.isEnabled() else "text_disabled"))
        side = Qt.AlignmentFlag.AlignRight if self._is_rtl() else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute)
        painter.drawText(mirrored(rect, self.rect(), rtl=self._is_rtl()), flags | _WRAP, text)

    def _small_height(self, room: int) -> int:
        return _height(self._small, self._consequence, room, Type.SMALL) if self._consequence else 0


def _height(font: QFont, text: str, width: int, role: Type) -> int:
    metrics = QFontMetrics(font)
    high = metrics.boundingRect(0, 0, width, 10_000, _WRAP, text).height()
    return max(role.line, high)
