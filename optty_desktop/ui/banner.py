"""The banner under the header: a fact, a consequence, one button. It stays until the cause is gone."""

from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type

_BAR = 6
_ICON = 22


class Cause(IntEnum):
    """Why there is a banner; the most serious one is shown."""

    OFFLINE = 0
    TROUBLE = 1
    REBUILT = 2
    NOTICE = 3
    """The answer to something that was pressed: before what stands there all day, or nobody would see it."""
    LINK = 4
    """As that, about the link at hand; over with the next order."""
    NEEDS_CHECK = 5
    UNPAIRED = 6


_CLOSED_WITH_ESC = frozenset({Cause.NOTICE, Cause.LINK})
"""What is so all the same stays until its own button is pressed."""


class BannerWords(NamedTuple):
    """``fact`` is bold, ``consequence`` follows; ``aside`` is small before the button."""

    fact: str
    consequence: str
    button: str
    icon: str
    aside: str = ""


class Banner(QWidget):
    """Keeps the words of every cause and shows those of the most serious."""

    pressed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._causes: dict[Cause, BannerWords] = {}
        self._icon = IconView(look, "info", "warning", _ICON, self)
        self._text = Passage(look, Type.BODY, parent=self)
        self._text.setObjectName("statusBannerText")
        self._aside = plain_label("", look, Type.SMALL, ink="text_muted", parent=self)
        self._button = Button(look, "", ButtonKind.SECONDARY, parent=self)
        self._button.setObjectName("statusBannerButton")
        self._button.clicked.connect(self._on_clicked)
        self.setObjectName("statusBanner")
        self.setMinimumHeight(Height.BANNER)
        self._lay_out()
        self.hide()

    def show_cause(self, cause: Cause, words: BannerWords) -> None:
        """Puts up or replaces the words of ``cause``."""
        if self._causes.get(cause) != words:
            self._causes[cause] = words
            self._refresh()

    def drop_cause(self, cause: Cause) -> None:
        """Takes the words of ``cause`` down."""
        if self._causes.pop(cause, None) is not None:
            self._refresh()

    def dismiss(self) -> bool:
        """Take down what Esc may take down. Returns False where something else is shown, or nothing."""
        cause = self.cause
        if cause not in _CLOSED_WITH_ESC:
            return False
        self.pressed.emit(cause)
        return True

    @property
    def cause(self) -> Cause | None:
        """The cause shown."""
        return min(self._causes, default=None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tinted ground, the bar on the leading edge, a hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("warning_tint"))
        is_rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.width() - _BAR if is_rtl else 0
        painter.fillRect(QRect(left, 0, _BAR, self.height()), self._look.color("warning"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), self._look.color("divider"))
        painter.end()

    def _refresh(self) -> None:
        cause = self.cause
        self.setVisible(cause is not None)
        if cause is None:
            return
        words = self._causes[cause]
        self._icon.set_icon(words.icon, "warning")
        self._say(words)
        self._aside.setText(words.aside)
        self._aside.setVisible(bool(words.aside))
        self._button.setText(words.button)
        self._button.setVisible(bool(words.button))
        self.setAccessibleName(self._text.text())

    def _say(self, words: BannerWords) -> None:
        """Fact and consequence in one line, for as long as it has room."""
        if words.fact and words.consequence:
            self._text.say("**{fact}** {rest}", fact=words.fact, rest=words.consequence)
        elif words.fact:
            self._text.say("**{fact}**", fact=words.fact)
        else:
            self._text.setText(words.consequence)

    def _on_clicked(self) -> None:
        if self.cause is not None:
            self.pressed.emit(self.cause)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(_BAR + Space.PANE, Space.CLOSE, Space.SMALL, Space.CLOSE)
        row.setSpacing(Space.CLOSE)
        row.addWidget(self._icon)
        row.addSpacing(Space.CLOSE)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._aside)
        row.addSpacing(Space.CLOSE)
        row.addWidget(self._button)
