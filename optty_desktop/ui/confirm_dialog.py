"""The frame of every question: the safe answer first, focused, and the answer to Enter and Esc."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.environment_band import paint_environment_frame
from optty_desktop.ui.environment_kinds import LIVE
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.scroll_column import ScrollColumn
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import FRAME_WIDTH, IconSize, Space, Type, Weight
from optty_desktop.ui.veiled_dialog import VeiledDialog

_PADDING = 25
_BAR = 6
_RING = 5
"""Room for the focus ring at the edge of the scrolling part."""


class ConfirmDialog(VeiledDialog):
    """Rejected means the safe answer; accepted means that the thing is to be done.

    `confirmed` is emitted when a person has confirmed. If a slot then calls `set_sending()`, the dialog stays and shows
    what is going on until it is accepted, `set_problem()` or `replaced_by_change()`; otherwise it is accepted at once.
    While sending neither Esc nor the title bar closes it.
    """

    confirmed = Signal()

    def __init__(
        self,
        look: Look,
        kind: str,
        *,
        environment: str = LIVE,
        width: int = 598,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, environment, parent)
        self._wished_width = width
        self._bar: str | None = None
        self._before: QWidget | None = None
        self._is_sending = False
        self._was_replaced = False
        self.setObjectName("confirmDialog")
        self.setProperty("kind", kind)
        flags = Qt.WindowType.Dialog | Qt.WindowType.CustomizeWindowHint | Qt.WindowType.WindowTitleHint
        self.setWindowFlags(flags | Qt.WindowType.WindowCloseButtonHint)
        self._content = QWidget(self)
        self.body = QVBoxLayout(self._content)
        """Where the parts of the question are put, from top to bottom."""
        self.answers = QHBoxLayout()
        """The answers, the safe one on the leading side."""
        self.below = QVBoxLayout()
        """What stands below the answers."""
        self._title = Passage(look, Type.TITLE, weight=Weight.SEMIBOLD, parent=self)
        self._icon = IconView(look, "info", "text", IconSize.DIALOG, self)
        self._text = Passage(look, Type.BODY, parent=self)
        self._error = Message(look, "confirmError", self)
        self._keep: Button | None = None
        self._name_parts()
        self._lay_out()
        self._ring = FocusRing(look, self)

    @property
    def is_sending(self) -> bool:
        """Whether the answer of the payment service is awaited."""
        return self._is_sending

    @property
    def was_replaced(self) -> bool:
        """Whether the dialog closed because the link changed, and not by a person's answer."""
        return self._was_replaced

    def set_sending(self) -> None:
        """Switch both answers off and say what is going on."""
        self._is_sending = True
        self._error.clear()
        if self._keep is not None:
            self._keep.setEnabled(False)

    def set_problem(self, text: str) -> None:
        """Say why it was not done; both answers are there again, the safe one focused."""
        self._is_sending = False
        self._error.show_text(text, MessageKind.ERROR)
        if self._keep is not None:
            self._keep.setEnabled(True)
            self._keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def replaced_by_change(self) -> None:
        """Close without an answer: the link is not what the question was about any more."""
        self._was_replaced = True
        self._is_sending = False
        self.done(QDialog.DialogCode.Rejected.value)

    def set_heading(self, text: str, *, icon: str | None = None, ink: str = "text", bar: bool = False) -> None:
        """The question; `bar` adds a coloured edge on top for what must not be overlooked."""
        self._title.setText(text)
        self.setAccessibleName(text)
        self._bar = ink if bar else None
        self._icon.setVisible(icon is not None)
        if icon is not None:
            self._icon.set_icon(icon, ink)
        self.set_title(text)
        self._set_margins()
        self.update()

    def add_keep(self, text: str, kind: ButtonKind = ButtonKind.SECONDARY, *, main: bool = False) -> Button:
        """The safe answer."""
        keep = Button(self._look, text, kind, main=main, parent=self)
        keep.setObjectName("keepButton")
        keep.clicked.connect(self._on_keep)
        self._keep = keep
        self.answers.insertWidget(0, keep, 1)
        return keep

    def add_confirm(self, text: str, kind: ButtonKind) -> Button:
        """The answer that changes something."""
        button = Button(self._look, text, kind, parent=self)
        button.setObjectName("confirmButton")
        button.clicked.connect(self._on_confirm)
        self.answers.addWidget(button, 1)
        return button

    def confirm(self) -> None:
        """A person has confirmed, in whatever way this question asks for."""
        if self._is_sending or not self.isVisible():
            return
        self._error.clear()
        self.confirmed.emit()
        is_open = self.isVisible() and not self._is_sending
        if is_open and not self._error.text():
            self.accept()

    def keep(self) -> None:
        """The safe answer was pressed."""
        self.reject()

    def reject(self) -> None:
        """The safe answer, except while an answer is awaited."""
        if not self._is_sending:
            super().reject()

    def done(self, result: int) -> None:
        """Close, and give the keyboard back to where it was."""
        super().done(result)
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc is the safe answer; Enter goes to the focused control only and never to a button elsewhere."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the keyboard to the safe answer."""
        before = QApplication.focusWidget()
        if before is not None and before.window() is not self:
            self._before = before
        if self._keep is not None:
            self._put_first(self._keep)
            self._keep.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setAccessibleDescription(self._text.text())
        self.fit()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """The answers and what is below them change the height too."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._on_content_changed()
        return super().event(event)

    def add(self, widget: QWidget, gap: int) -> None:
        """Put a part of the question below the others, `gap` pixels further down."""
        self.body.addSpacing(gap)
        self.body.addWidget(widget)

    def bring_into_view(self, part: QWidget) -> None:
        """Scroll so that a part of the question that has something to say is seen from its top."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._area.verticalScrollBar().setValue(part.mapTo(self._content, QPoint(0, 0)).y())

    def fit(self) -> None:
        """Take the height the words need, and no more than the screen has; the rest scrolls."""
        room = self.screen().availableSize()
        width = min(self._wished_width, room.width())
        margins = self._outer.contentsMargins()
        inner = width - margins.left() - margins.right()
        parts = self.body.totalHeightForWidth(inner) + self._foot.totalHeightForWidth(inner)
        height = margins.top() + parts + margins.bottom()
        self.setFixedSize(width, min(height, room.height() - Space.WIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, coloured edge, frame of the environment."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        if self._bar is not None:
            top = FRAME_WIDTH if self._environment != LIVE else 0
            painter.fillRect(QRect(0, top, self.width(), _BAR), self._look.color(self._bar))
        paint_environment_frame(painter, self.rect(), self._look, self._environment)
        painter.end()

    def _put_first(self, keep: Button) -> None:
        """Tab leads from the safe answer through the question to the one that changes something."""
        last = self.previousInFocusChain()
        if last is not None:
            self.setTabOrder(last, keep)

    def _on_content_changed(self) -> None:
        if self.isVisible():
            self.fit()

    def _on_keep(self) -> None:
        self.keep()

    def _on_confirm(self) -> None:
        self.confirm()

    def _name_parts(self) -> None:
        self._title.setObjectName("confirmTitle")
        self._text.setObjectName("confirmText")
        self._icon.hide()

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(Space.FIELD)
        heading.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        heading.addWidget(self._title, 1)
        self.body.setContentsMargins(_RING, _RING, _RING, _RING)
        self.body.setSpacing(0)
        self.body.addLayout(heading)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(_RING, Space.ROW - _RING, _RING, 0)
        self._foot.setSpacing(0)
        self.answers.setSpacing(Space.ROW)
        self._foot.addLayout(self.answers)
        self._foot.addLayout(self.below)
        # Below the answers, which must not move under a finger; with room for the focus ring of the safe one.
        self._error.setContentsMargins(0, Space.SMALL, 0, 0)
        self._foot.addWidget(self._error)
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(0)
        self._area = ScrollColumn(self._look, self._content, self)
        # A short question is lower than what an area that scrolls asks for by itself.
        self._area.setMinimumHeight(1)
        self._area.content_changed.connect(self._on_content_changed)
        self._outer.addWidget(self._area, 1)
        self._outer.addLayout(self._foot)
        self._set_margins()

    def _set_margins(self) -> None:
        side = _PADDING - _RING
        frame = FRAME_WIDTH if self._environment != LIVE else 0
        top = Space.PANE - _RING + frame + (_BAR if self._bar is not None else 0)
        self._outer.setContentsMargins(side, top, side, Space.PANE + frame - (Space.ROW if self.below.count() else 0))
