"""The payments page: form or fresh link on the leading side, the table, and the detail of the link that was opened."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from optty_desktop.ui.pane_layout import Arrangement, Leading, arrange
from optty_desktop.ui.paned_page import PanedPage
from optty_desktop.ui.panes import Panes
from optty_desktop.ui.theme import Look
from optty_desktop.ui.view_switch import ViewSwitch


class PaymentsPage(PanedPage):
    """Owns the panes and where they stand. It starts nothing itself: the desk listens to the panes."""

    rearranged = Signal(object)

    def __init__(self, look: Look, panes: Panes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form, self.ready, self.links, self.detail = panes
        self._switch = ViewSwitch(look, self)
        self._switch.chosen.connect(self._on_view_chosen)
        self._leading = QStackedWidget(self)
        self._trailing = QStackedWidget(self)
        self._first_line, self._second_line = _hairline(self), _hairline(self)
        self._is_ready = False
        self._has_detail = False
        self._wants_table = False
        self._is_detail_leading = False
        self._lay_out()
        self._rearrange()

    def panes(self) -> list[QWidget]:
        """The panes from the leading to the trailing side, shown or not."""
        far = [self.detail, self.links] if self._is_detail_leading else [self.links, self.detail]
        return [self.form, self.ready, *far]

    def first_stops(self, pane: QWidget) -> list[QWidget]:
        """Where the keyboard belongs in a pane, best first; nothing where the order of Tab says it."""
        if pane is self.links:
            return [self.links.table]
        name = "amountEdit" if pane is self.form else "copyLinkButton"
        return pane.findChildren(QWidget, name)

    @property
    def has_detail(self) -> bool:
        """Whether a link's detail is open."""
        return self._has_detail

    @property
    def is_ready_shown(self) -> bool:
        """Whether the link just made stands on the leading side."""
        return self._is_ready

    def show_ready(self, shown: bool) -> None:
        """Put the fresh link in the form's place, or the form back."""
        self._is_ready = shown
        if shown:
            self._has_detail = False
            self._wants_table = False
        self._rearrange()

    def show_detail(self, shown: bool) -> None:
        """Open or close the detail."""
        self._has_detail = shown
        self._rearrange()

    def show_form(self) -> None:
        """Bring the form to the front, whatever the size of the window."""
        self._is_ready = False
        self._wants_table = False
        if self._arrangement().leading is Leading.DETAIL:
            self._has_detail = False
        self._rearrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size may ask for another arrangement."""
        super().resizeEvent(event)
        self._rearrange()

    def changeEvent(self, event: QEvent) -> None:
        """Mirrored or larger text: arrange anew."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LayoutDirectionChange, QEvent.Type.FontChange):
            self._rearrange()

    def _arrangement(self) -> Arrangement:
        whole = self.window().size()
        return arrange(
            whole.width(),
            whole.height(),
            has_detail=self._has_detail,
            is_ready=self._is_ready,
            wants_table=self._wants_table,
        )

    def _rearrange(self) -> None:
        plan = self._arrangement()
        self.form.set_condensed(plan.is_condensed)
        self.ready.set_condensed(plan.is_condensed)
        self._place_detail(plan)
        pane = {Leading.FORM: self.form, Leading.READY: self.ready, Leading.DETAIL: self.detail}.get(plan.leading)
        wanted = self.ready.minimumSizeHint().width() if plan.leading is Leading.READY else 0
        width = max(plan.leading_width, wanted) if plan.leading_width else 0
        self._bring(pane, width)
        self._leading.setVisible(pane is not None)
        self.links.setVisible(plan.has_table)
        self._first_line.setVisible(plan.has_table and plan.leading is not Leading.NOTHING)
        self._trailing.setVisible(plan.detail_width > 0)
        self._second_line.setVisible(plan.detail_width > 0)
        if plan.detail_width:
            self._trailing.setFixedWidth(plan.detail_width)
        self._switch.setVisible(plan.has_switch)
        self._switch.set_current(is_table=plan.has_table and plan.leading is Leading.NOTHING)
        self.rearranged.emit(plan)

    def _bring(self, pane: QWidget | None, width: int) -> None:
        """Put the pane on the leading side, ``width`` wide; 0: as wide as the window lets it."""
        if pane is None or pane is self._leading.currentWidget():
            self._set_leading_width(width)
            return
        # Else the pane before it would be laid out for this width, and this one for the width before.
        with _standing_still(self._leading):
            self._set_leading_width(width)
        self._leading.setCurrentWidget(pane)

    def _place_detail(self, plan: Arrangement) -> None:
        self._is_detail_leading = plan.leading is Leading.DETAIL
        home = self._leading if self._is_detail_leading else self._trailing
        if self.detail.parentWidget() is not home:
            home.addWidget(self.detail)
        self.detail.set_back_button(self._is_detail_leading)
        if home is self._trailing:
            self._trailing.setCurrentWidget(self.detail)

    def _set_leading_width(self, width: int) -> None:
        if width:
            self._leading.setFixedWidth(width)
        else:
            self._leading.setMinimumWidth(0)
            self._leading.setMaximumWidth(16_777_215)

    def _on_view_chosen(self, is_table: bool) -> None:
        self._wants_table = is_table
        self._rearrange()

    def _lay_out(self) -> None:
        for pane in (self.form, self.ready, self.detail):
            self._leading.addWidget(pane)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._leading)
        row.addWidget(self._first_line)
        row.addWidget(self.links, 1)
        row.addWidget(self._second_line)
        row.addWidget(self._trailing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._switch)
        column.addLayout(row, 1)


@contextmanager
def _standing_still(widget: QWidget) -> Iterator[None]:
    """Whatever size ``widget`` gets meanwhile, what is in it stays as it is."""
    layout = widget.layout()
    if layout is not None:
        layout.setEnabled(False)
    yield
    if layout is not None:
        layout.setEnabled(True)


def _hairline(parent: QWidget) -> QWidget:
    line = QWidget(parent)
    line.setObjectName("hairline")
    line.setFixedWidth(1)
    line.setAutoFillBackground(True)
    return line
