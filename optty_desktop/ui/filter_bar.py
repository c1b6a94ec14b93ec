"""The four views as one segmented control, each segment with the number of its links."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from optty_desktop.ui.link_filter import LinkFilter, filter_word
from optty_desktop.ui.shapes import draw_box
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Radius, Space, Type, Weight
from optty_desktop.ui.words import tr

_GAP = 7


class FilterButton(QAbstractButton):
    """One segment. The bar around it draws the border."""

    def __init__(self, look: Look, link_filter: LinkFilter, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._count = 0
        self.setText(filter_word(link_filter))
        self.setObjectName(f"filter{link_filter.value.title()}Button")
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    @property
    def count(self) -> int:
        """The number shown."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show `count` after the word."""
        wider = len(str(count)) != len(str(self._count))
        self._count = count
        self.setAccessibleName(tr("{filter}, {n}", filter=self.text(), n=count))
        if wider:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Word, gap, number."""
        word, count = self._widths()
        return QSize(max(Height.HIT, 2 * Space.ROW + word + _GAP + count), Height.FIELD)

    def minimumSizeHint(self) -> QSize:
        """A segment is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Word and number; the ground is the bar's."""
        word, count = self._widths()
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = (self.width() - word - _GAP - count) // 2
        word_left, count_left = (left + count + _GAP, left) if rtl else (left, left + word + _GAP)
        painter = QPainter(self)
        active = self.isChecked()
        painter.setFont(self._look.font(Type.ROW, weight=self._weight()))
        painter.setPen(self._look.color("accent" if active else "text"))
        painter.drawText(QRect(word_left, 0, word + 1, self.height()), _CENTRE, self.text())
        painter.setFont(self._look.font(Type.SMALL, weight=self._weight(), figures=True))
        painter.setPen(self._look.color("accent" if active else "text_muted"))
        painter.drawText(QRect(count_left, 0, count + 1, self.height()), _CENTRE, str(self._count))
        painter.end()

    def _weight(self) -> int:
        return Weight.SEMIBOLD if self.isChecked() else Weight.MEDIUM

    def _widths(self) -> tuple[int, int]:
        # Always as wide as when it is chosen, so that no segment moves when another is.
        word = QFontMetrics(self._look.font(Type.ROW, weight=Weight.SEMIBOLD))
        count = QFontMetrics(self._look.font(Type.SMALL, weight=Weight.SEMIBOLD, figures=True))
        return word.horizontalAdvance(self.text()), count.horizontalAdvance(str(self._count))


class FilterBar(QWidget):
    """One view is always chosen. Arrow keys move the choice, one segment is a stop for Tab."""

    filter_changed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._buttons = {each: FilterButton(look, each, self) for each in LinkFilter}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 0, 1, 0)
        row.setSpacing(1)
        for button in self._buttons.values():
            self._group.addButton(button)
            row.addWidget(button)
        self._buttons[LinkFilter.ALL].setChecked(True)
        self._group.buttonToggled.connect(self._on_button_toggled)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def chosen(self) -> LinkFilter:
        """The view chosen."""
        return next(each for each, button in self._buttons.items() if button.isChecked())

    def choose(self, link_filter: LinkFilter) -> None:
        """Choose a view; tells of it as a click does."""
        self._buttons[link_filter].setChecked(True)

    def set_counts(self, counts: Mapping[LinkFilter, int]) -> None:
        """Show how many links each view has."""
        for each, button in self._buttons.items():
            if button.count != counts[each]:
                button.set_count(counts[each])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, the tint of the chosen segment inside the rounded border, lines between segments."""
        painter = QPainter(self)
        color, rect = self._look.color, self.rect()
        draw_box(painter, rect, Radius.FIELD, fill=color("surface"), border=None)
        clip = QPainterPath()
        clip.addRoundedRect(rect, Radius.FIELD, Radius.FIELD)
        painter.save()
        painter.setClipPath(clip)
        for button in self._buttons.values():
            place = button.geometry()
            if button.isChecked():
                painter.fillRect(place.adjusted(-1, 0, 1, 0), color("selection"))
            elif button.underMouse():
                painter.fillRect(place, color("surface_alt"))
        for button in list(self._buttons.values())[1:]:
            place = button.geometry()
            rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            line = place.right() + 1 if rtl else place.left() - 1
            painter.fillRect(line, 0, 1, self.height(), color("divider"))
        painter.restore()
        draw_box(
            painter,
            rect,
            Radius.FIELD,
            fill=None,
            border=color("control_border"),
            width=self._look.theme.border,
        )
        painter.end()

    def _on_button_toggled(self, _button: QAbstractButton, is_checked: bool) -> None:
        self.update()
        if is_checked:
            self.filter_changed.emit(self.chosen)


_CENTRE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
