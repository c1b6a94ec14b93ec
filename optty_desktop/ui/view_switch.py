"""New link or Links: which pane a narrow window shows."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Type, Weight
from optty_desktop.ui.words import tr

_LINE = 3


class _Half(QPushButton):
    def __init__(self, look: Look, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._look = look
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self.setFont(look.font(Type.BODY, weight=Weight.SEMIBOLD))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(Height.HIT)
        self.setProperty("ringInside", True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.setFont(self.font())
        painter.setPen(self._look.color("accent" if self.isChecked() else "text_muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        token, height = ("accent", _LINE) if self.isChecked() else ("divider", 1)
        painter.fillRect(QRect(0, self.height() - height, self.width(), height), self._look.color(token))
        painter.end()


class ViewSwitch(QWidget):
    """Two halves; ``chosen`` carries whether the table was chosen."""

    chosen = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewSwitch")
        self._form, self._table = _Half(look, tr("New link"), self), _Half(look, tr("Links"), self)
        self._form.clicked.connect(self._on_form_clicked)
        self._table.clicked.connect(self._on_table_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._form)
        row.addWidget(self._table)

    def set_current(self, *, is_table: bool) -> None:
        """Shows which half is on."""
        (self._table if is_table else self._form).setChecked(True)

    def _on_form_clicked(self) -> None:
        self.chosen.emit(False)

    def _on_table_clicked(self) -> None:
        self.chosen.emit(True)
