"""The band and frame that make Training and Sandbox impossible to mistake for Live, which has neither."""

from PySide6.QtCore import QMargins, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from optty_desktop.ui.buttons import is_plain_enter
from optty_desktop.ui.environment_kinds import LIVE, SANDBOX, TRAINING
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import FRAME_WIDTH, Height, IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr

_TOKENS = {
    TRAINING: ("training_band", "on_training", "graduation-cap"),
    SANDBOX: ("sandbox_band", "on_sandbox", "flask-conical"),
}


def frame_margins(kind: str) -> QMargins:
    """What a window of `kind` leaves free at its edges for the frame; nothing in Live."""
    width = FRAME_WIDTH if kind in _TOKENS else 0
    return QMargins(width, 0, width, width)


def paint_environment_frame(painter: QPainter, rect: QRect, look: Look, kind: str) -> None:
    """Paints the frame along the edges of `rect`; nothing in Live."""
    if kind not in _TOKENS:
        return
    color = look.color(_TOKENS[kind][0])
    painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), FRAME_WIDTH), color)
    painter.fillRect(QRect(rect.left(), rect.bottom() + 1 - FRAME_WIDTH, rect.width(), FRAME_WIDTH), color)
    painter.fillRect(QRect(rect.left(), rect.top(), FRAME_WIDTH, rect.height()), color)
    painter.fillRect(QRect(rect.right() + 1 - FRAME_WIDTH, rect.top(), FRAME_WIDTH, rect.height()), color)


class EnvironmentBand(QWidget):
    """Stands under the title bar: the word, what it means, and in Training the way out."""

    leave_requested = Signal()

    def __init__(
        self,
        look: Look,
        kind: str,
        parent: QWidget | None = None,
        *,
        compact: bool = False,
        may_leave: bool = True,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._kind: str = LIVE
        self._profile = ""
        self._icon = IconView(look, "info", "text", IconSize.BUTTON, self)
        self._word = plain_label("", look, Type.ROW, weight=Weight.SEMIBOLD, parent=self)
        self._meaning = plain_label("", look, Type.ROW, weight=Weight.MEDIUM, parent=self)
        self._leave = _BandLink(look, tr("Leave training"), self)
        self._leave.clicked.connect(self.leave_requested)
        self._may_leave = may_leave
        self.setObjectName("environmentBand")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out(compact=compact)
        self.set_kind(kind)

    @property
    def kind(self) -> str:
        """The environment shown."""
        return self._kind

    def set_kind(self, kind: str) -> None:
        """Shows `kind`; hides the band in Live."""
        self._kind = kind
        # Without a parent it would be shown as a window of its own; a layout shows it later.
        if self.isHidden() == (kind in _TOKENS) and (self.parentWidget() is not None or kind not in _TOKENS):
            self.setVisible(kind in _TOKENS)
        if kind not in _TOKENS:
            return
        self._leave.setVisible(self._may_leave and kind == TRAINING)
        _, ink, icon = _TOKENS[kind]
        self._icon.set_icon(icon, ink)
        self._word.setText(tr("TRAINING") if kind == TRAINING else tr("SANDBOX"))
        self._say()
        for label in (self._word, self._meaning):
            self._look.tint(label, ink)
        self.update()

    def name_profile(self, name: str) -> None:
        """Says in Sandbox, too, what the shop calls this environment."""
        self._profile = name
        self._say()

    def set_compact(self, compact: bool) -> None:
        """Makes the band a little lower on small windows."""
        self.setFixedHeight(Height.BAND_COMPACT if compact else Height.BAND)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Says as much as there is room for."""
        super().resizeEvent(event)
        self._say()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The colour of the environment."""
        if self._kind in _TOKENS:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._look.color(_TOKENS[self._kind][0]))
            painter.end()

    def _say(self) -> None:
        beside = (self._icon, self._word, *((self._leave,) if not self._leave.isHidden() else ()))
        room = self.width() - sum(part.sizeHint().width() for part in beside) - 2 * Space.ROW - Space.PANE
        room -= (len(beside) + 2) * Space.FIELD
        metrics = QFontMetrics(self._meaning.font())
        words = self._words()
        self._meaning.setText(next((one for one in words if metrics.horizontalAdvance(one) <= room), words[-1]))

    def _words(self) -> tuple[str, ...]:
        """What the word means, the longest first."""
        if self._kind == SANDBOX and self._profile:
            long = tr("{profile}. Test account. No real money moves.", profile=self._profile)
            return long, tr("{profile}. Test account.", profile=self._profile), self._profile
        if self._kind == SANDBOX:
            return tr("Test account. No real money moves."), tr("Test account.")
        short = tr("Practice only. No real money moves."), tr("Practice only.")
        return (tr("Practice only. No real money moves and no e-mails are sent."), *short) if self._may_leave else short

    def _lay_out(self, *, compact: bool) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.ROW, 0, Space.ROW, 0)
        row.setSpacing(Space.FIELD)
        row.addStretch(1)
        for widget in (self._icon, self._word, self._meaning):
            row.addWidget(widget)
        row.addSpacing(Space.PANE)
        row.addWidget(self._leave)
        row.addStretch(1)
        self.set_compact(compact)


class _BandLink(QPushButton):
    """An underlined link in the ink of the band; as high as the band."""

    def __init__(self, look: Look, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self._look = look
        font: QFont = look.font(Type.ROW, weight=Weight.SEMIBOLD)
        font.setUnderline(True)
        self.setFont(font)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setObjectName("leaveTrainingButton")
        self.setProperty("ringInside", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """The words with room for a finger on both sides."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * Space.FIELD, Height.BAND_COMPACT)

    def minimumSizeHint(self) -> QSize:
        """The way out is never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it."""
        if is_plain_enter(event):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._look.color("on_training"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
