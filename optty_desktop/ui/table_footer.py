"""The line under the table: the summary, the way to earlier links, how old the statuses are."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optty_desktop.ui.buttons import IconButton
from optty_desktop.ui.footer_button import FooterButton
from optty_desktop.ui.menu import Menu
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.table_summary import Part, Scope, SummaryLabel, summary_parts
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, IconSize, Space, Type, Weight
from optty_desktop.ui.words import tr

__all__ = ["Part", "Scope", "TableFooter", "summary_parts"]


class TableFooter(QWidget):
    """Summary at the leading end, age of the statuses and the button that renews them at the other.

    Where the sums do not fit, a button shows all of them; the way to earlier links is always there while there may be
    any.
    """

    refresh_requested = Signal()
    earlier_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._age_words = ""
        self._notice = ""
        self._is_old = False
        self._is_warning = False
        self._may_have_earlier = True
        self._summary = SummaryLabel(look, self)
        self._sums = FooterButton(look, "allSumsButton", "chevron-down", tr("Show all sums"), self)
        self._sums.set_compact(True)
        self._earlier = FooterButton(look, "showEarlierButton", "history", tr("Show earlier"), self)
        self._age = QWidget(self)
        self._updated = plain_label("", look, Type.SMALL, ink="text_muted", parent=self._age)
        self._updated.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTrailing)
        self._updated.setObjectName("updatedLabel")
        self._updated.setFont(look.font(Type.SMALL, figures=True))
        self._refresh = _RefreshButton(look, "refresh-cw", tr("Check statuses now (F5)"), self)
        self._refresh.setObjectName("refreshButton")
        self._refresh.setFixedSize(Height.HIT, Height.FOOTER)
        self._refresh.clicked.connect(self.refresh_requested)
        self._earlier.clicked.connect(self.earlier_requested)
        self._sums.clicked.connect(self._on_sums_clicked)
        self._lay_out()

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show this summary."""
        self._summary.set_parts(parts)
        self._fit()

    def set_may_have_earlier(self, may: bool) -> None:
        """Offer the way to earlier links, or not."""
        self._may_have_earlier = may
        self._earlier.setVisible(may)
        self._fit()

    def set_updated(self, words: str, *, is_warning: bool) -> None:
        """Say how old the statuses are."""
        self._age_words, self._is_old = words, is_warning
        self._show_age()

    def set_notice(self, words: str) -> None:
        """Say something else in that place for now; empty words bring the age back."""
        self._notice = words
        self._show_age()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width says more or less."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the line above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface_alt"))
        painter.fillRect(0, 0, self.width(), 1, self._look.color("divider"))
        painter.end()

    def _lay_out(self) -> None:
        self._age.setFixedSize(0, Height.FOOTER)
        self._sums.hide()
        self.setFixedHeight(Height.FOOTER)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.ROW, 0, Space.TIGHT, 0)
        row.setSpacing(Space.TIGHT)
        row.addWidget(self._summary, 1)
        for part in (self._sums, self._earlier, self._age, self._refresh):
            row.addWidget(part)

    def _show_age(self) -> None:
        words, is_warning = self._notice or self._age_words, self._is_old and not self._notice
        if is_warning != self._is_warning:
            self._is_warning = is_warning
            weight = Weight.SEMIBOLD if is_warning else Weight.REGULAR
            self._updated.setFont(self._look.font(Type.SMALL, weight=weight, figures=True))
            self._look.tint(self._updated, "warning" if is_warning else "text_muted")
        self._updated.setText(words)
        # The words stand outside the layout: a second that passes must not lay out the whole pane.
        width = QFontMetrics(self._updated.font()).horizontalAdvance(words) + 1
        if width != self._age.width():
            self._age.setFixedSize(width, Height.FOOTER)
            self._updated.setFixedSize(width, Height.FOOTER)
            self._fit()

    def _fit(self) -> None:
        """Say as much as there is room for: first the sums grow short, then the words of the button go."""
        room = self.width() - Space.ROW - 3 * Space.TIGHT - self._widest_age() - Height.HIT
        says_all = self._summary.says_all_in_full
        full, short = self._summary.width_when(short=False), self._summary.width_when(short=True)
        extra = Height.HIT + Space.TIGHT
        words, icon = self._earlier_width(compact=False), self._earlier_width(compact=True)
        needs = full + (0 if says_all else extra)
        if needs + words <= room:
            is_short, is_compact = False, False
        elif short < full and short + extra + words <= room:
            is_short, is_compact = True, False
        else:
            is_short, is_compact = needs + icon > room, True
        is_cut = is_compact and needs + icon > room
        self._summary.set_short(is_short)
        self._earlier.set_compact(is_compact)
        self._sums.setVisible(not says_all or is_short or is_cut)

    def _earlier_width(self, *, compact: bool) -> int:
        if not self._may_have_earlier:
            return 0
        return self._earlier.width_when(compact=compact) + Space.TIGHT

    def _widest_age(self) -> int:
        """Room for any age, so that no second that passes makes the line say less."""
        longest = QFontMetrics(self._updated.font()).horizontalAdvance(tr("Updated {n} min ago", n=59)) + 1
        return max(longest, self._age.width())

    def _on_sums_clicked(self) -> None:
        menu = Menu(self._look, "allSumsMenu", self)
        menu.aboutToHide.connect(menu.deleteLater)
        for line in self._summary.lines():
            menu.addAction(line.replace("&", "&&"))
        menu.open_above(self._sums)


class _RefreshButton(IconButton):
    """As low as the footer; its icon is as small as the words beside it."""

    icon_size = IconSize.CHIP

    def focus_ring_rect(self) -> QRect:
        """The ring stays within: outside it would lie on the words beside the button."""
        return self.rect().adjusted(Space.TIGHT, Space.TIGHT, -Space.TIGHT, -Space.TIGHT)
