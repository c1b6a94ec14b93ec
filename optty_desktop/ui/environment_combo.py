"""Where to work: the list of environments, each with its sign, its name and what it means."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from optty_desktop.ui.combo_box import ComboBox
from optty_desktop.ui.environment_kinds import LIVE, SANDBOX, TRAINING
from optty_desktop.ui.shapes import draw_box, draw_icon, mirrored
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import IconSize, Radius, Type, Weight

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemDelegate

_HEIGHT = 60
_BOX = 36
_BOX_LEAD = 15
_TEXT_LEAD = 14
_CHECK_ROOM = 44


class EnvironmentChoice(NamedTuple):
    """One entry: `kind` is "training", "sandbox" or "live", `hint` says in a few words what happens there."""

    id: str
    name: str
    kind: str
    hint: str


class _Sign(NamedTuple):
    """Icon on a ground; Live has a border instead of a colour."""

    icon: str
    ink: str
    ground: str
    border: str | None


_SIGNS = {
    TRAINING: _Sign("graduation-cap", "on_training", "training_band", None),
    SANDBOX: _Sign("flask-conical", "on_sandbox", "sandbox_band", None),
    LIVE: _Sign("store", "text", "surface", "text"),
}


class EnvironmentCombo(ComboBox):
    """The current environment as a painted entry of two lines, and the same for each row of the open list."""

    def __init__(self, look: Look, choices: Sequence[EnvironmentChoice], parent: QWidget | None = None) -> None:
        super().__init__(look, parent, height=_HEIGHT)
        self._choices = tuple(choices)
        self.setObjectName("environmentCombo")
        for choice in self._choices:
            self.addItem(choice.name)
            self.setItemData(self.count() - 1, choice.hint, Qt.ItemDataRole.AccessibleDescriptionRole)

    def current_choice(self) -> EnvironmentChoice:
        """The environment chosen."""
        return self._choices[self.currentIndex()]

    def select(self, environment_id: str) -> None:
        """Chooses by id; an unknown id changes nothing."""
        for row, choice in enumerate(self._choices):
            if choice.id == environment_id:
                self.setCurrentIndex(row)

    def minimumSizeHint(self) -> QSize:
        """Sign and name stay; the hint is shortened."""
        return QSize(200, _HEIGHT)

    def _new_rows(self) -> "QAbstractItemDelegate":
        from optty_desktop.ui.combo_rows import EnvironmentRow

        return EnvironmentRow(self._look, self, self._choices)

    def _entry_rect(self) -> QRect:
        return self.rect()

    def _paint_entry(self, painter: QPainter, rect: QRect) -> None:
        if self.currentIndex() >= 0:
            rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            paint_environment(painter, rect, self.current_choice(), self._look, rtl=rtl, enabled=self.isEnabled())


def paint_environment(
    painter: QPainter, rect: QRect, choice: EnvironmentChoice, look: Look, *, rtl: bool = False, enabled: bool = True
) -> None:
    """Paints sign, name and hint of `choice` into `rect`, leaving room for a check mark or chevron behind them."""
    sign = _SIGNS[choice.kind]
    box = QRect(rect.left() + _BOX_LEAD, rect.top() + (rect.height() - _BOX) // 2, _BOX, _BOX)
    left = box.right() + 1 + _TEXT_LEAD
    words = QRect(left, rect.top(), rect.right() - left - _CHECK_ROOM, rect.height())
    box, words = mirrored(box, rect, rtl=rtl), mirrored(words, rect, rtl=rtl)
    border = look.color(sign.border) if sign.border else None
    draw_box(painter, box, Radius.FIELD, fill=look.color(sign.ground), border=border, width=2)
    middle = box.top() + _BOX // 2
    draw_icon(painter, look, sign.icon, sign.ink, box.left() + (_BOX - IconSize.TOOL) // 2, middle, IconSize.TOOL)
    _paint_words(painter, words, choice, look, rtl=rtl, enabled=enabled)


def _paint_words(
    painter: QPainter, rect: QRect, choice: EnvironmentChoice, look: Look, *, rtl: bool, enabled: bool
) -> None:
    name, hint = Type.BODY.line, Type.SMALL.line
    top = rect.top() + (rect.height() - name - hint) // 2
    side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
    place = side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    painter.setFont(look.font(Type.BODY, weight=Weight.SEMIBOLD))
    painter.setPen(look.color("text" if enabled else "text_disabled"))
    painter.drawText(QRect(rect.left(), top, rect.width(), name), place, choice.name)
    painter.setFont(look.font(Type.SMALL))
    painter.setPen(look.color("text_muted" if enabled else "text_disabled"))
    text = painter.fontMetrics().elidedText(choice.hint, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(QRect(rect.left(), top + name, rect.width(), hint), place, text)
