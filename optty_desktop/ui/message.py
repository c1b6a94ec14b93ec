"""One message under a field or above a button: an icon and plain words, in the colour of its kind."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Space, Type, Weight


class MessageKind(StrEnum):
    """ERROR stops, WARNING asks to look again, HINT explains, SUCCESS confirms."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"
    SUCCESS = "success"


_KINDS: dict[MessageKind, tuple[str | None, str, int]] = {
    MessageKind.ERROR: ("circle-x", "danger", Weight.MEDIUM),
    MessageKind.WARNING: ("triangle-alert", "warning", Weight.MEDIUM),
    MessageKind.HINT: (None, "text_muted", Weight.REGULAR),
    MessageKind.SUCCESS: ("circle-check", "success", Weight.MEDIUM),
}


class Message(QWidget):
    """Hidden while there is nothing to say. The label holds the object name, so that tests read the words there."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._kind: MessageKind | None = None
        self._icon = IconView(look, "info", "text_muted", IconSize.CHIP, self)
        self._label = plain_label("", look, Type.SMALL, parent=self)
        self._label.setObjectName(name)
        self._label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, Space.TIGHT, 0, 0)
        row.setSpacing(Space.CLOSE)
        row.setAlignment(Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.hide()

    def keep_room(self) -> None:
        """From now on a line is kept free for it, and it never takes less room than it once took."""
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    @property
    def kind(self) -> MessageKind | None:
        """The kind shown, None while hidden."""
        return self._kind

    def text(self) -> str:
        """The words shown, empty while hidden."""
        return self._label.text()

    def show_text(self, text: str, kind: MessageKind) -> None:
        """Shows `text`."""
        self._keep_height()
        icon, token, weight = _KINDS[kind]
        if kind is not self._kind:
            self._kind = kind
            self._label.setFont(self._look.font(Type.SMALL, weight=weight))
            self._look.tint(self._label, token)
            self._icon.setVisible(icon is not None)
            if icon is not None:
                self._icon.set_icon(icon, token)
        self._label.setText(text)
        self.show()

    def clear(self) -> None:
        """Takes the message away."""
        if self._kind is not None:
            self._keep_height()
            self._kind = None
            self._label.clear()
            self.hide()

    def _keep_height(self) -> None:
        if self.sizePolicy().retainSizeWhenHidden() and self.isVisible():
            self.setMinimumHeight(max(self.minimumHeight(), self.height()))


def plain_label(
    text: str,
    look: Look,
    role: Type,
    *,
    weight: int | None = None,
    ink: str | None = None,
    parent: QWidget | None = None,
) -> QLabel:
    """A label that shows `text` as it is, never as markup."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setFont(look.font(role, weight=weight))
    label.setMinimumHeight(role.line)
    if ink is not None:
        look.tint(label, ink)
    return label
