"""The links table: what pointer, finger and keys do in it. The model knows the rows, the delegate paints them."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QScroller, QTableView, QWidget

from optty_desktop.core.links import PaymentLink, RowAction
from optty_desktop.ui.hands_off import HANDS_OFF_SECONDS
from optty_desktop.ui.link_columns import Column, column_widths
from optty_desktop.ui.links_delegate import LinksDelegate
from optty_desktop.ui.links_head import LinksHead
from optty_desktop.ui.links_model import LinksModel
from optty_desktop.ui.overlay_scroll_bar import OverlayScrollBar
from optty_desktop.ui.row_button import RowButton
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height
from optty_desktop.ui.words import tr

_FRAME_MS = 40
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LARGEST_FIRST = frozenset({Column.TIME, Column.AMOUNT})


class LinksTable(QTableView):
    """One stop for Tab. Requests carry the invoice number of the row; nothing is done here."""

    opened = Signal(str)
    current_changed = Signal(object)
    cancel_requested = Signal(str)
    refund_requested = Signal(str)
    check_requested = Signal(str)
    menu_requested = Signal(str, QPoint)

    def __init__(self, look: Look, model: LinksModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = LinksDelegate(look, model, self)
        self._head = LinksHead(look, self)
        self._current: str | None = None
        self._awaited: str | None = None
        self._pressed_row: str | None = None
        self._pressed_scroll = 0
        self._is_pointed = False
        self._fade = QTimer(self)
        self._fade.setInterval(_FRAME_MS)
        self._fade.timeout.connect(self._on_fade)
        self._fading: set[str] = set()
        self.setObjectName("linksTable")
        self.setAccessibleName(tr("Links"))
        self.setProperty("ringInside", True)
        self._set_up_view()
        self._scroll_bar = OverlayScrollBar(look, self)
        self._connect()

    def select(self, number: str) -> bool:
        """Make that link the current row and bring it into view. Returns whether it is shown at all.

        While it is not, no row is current: keys must not go to another link than the one on the screen. It becomes
        current when it comes, unless another one has been chosen by then.
        """
        row = self._model.row_of(number)
        self._awaited = number if row is None else None
        if row is None:
            self.setCurrentIndex(QModelIndex())
            return False
        self.setCurrentIndex(self._model.index(row, Column.ORDER))
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)
        return True

    def selected(self) -> str | None:
        """The number of the current row."""
        return self._current

    def set_paused(self, is_paused: bool) -> None:
        """Switch the buttons of all rows off, while there is no connection."""
        self._delegate.is_paused = is_paused
        self.viewport().update()

    def set_held_back(self, is_held_back: bool) -> None:
        """Switch the buttons off that cancel or refund, while a rebuilt record waits to be compared."""
        self._delegate.is_held_back = is_held_back
        self.viewport().update()

    @property
    def is_in_use(self) -> bool:
        """Whether pointer, finger or focus is in the table: then no row moves."""
        return self._is_pointed or self.hasFocus()

    def _set_up_view(self) -> None:
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self._head)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(Height.ROW)
        rows.setDefaultSectionSize(Height.ROW)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoScroll(False)
        self.setMouseTracking(True)
        self.setMinimumWidth(Height.HIT * 5)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)

    def _connect(self) -> None:
        self._head.sectionClicked.connect(self._on_head_clicked)
        self._model.modelReset.connect(self._on_model_reset)
        self._model.flipped.connect(self._on_flipped)
        self._model.rowsInserted.connect(self._on_rows_inserted)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Menu or Shift+F10 asks for the row menu, arrows move, letters do nothing."""
        is_menu = event.key() == Qt.Key.Key_Menu or (
            event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        )
        if event.key() in _ENTER:
            if self._current is not None and not event.isAutoRepeat():
                self.opened.emit(self._current)
        elif is_menu:
            self._ask_for_menu()
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End are the first and the last row; the current row moves as a whole."""
        rows = self._model.rowCount()
        actions = QAbstractItemView.CursorAction
        if not rows:
            return QModelIndex()
        if action is actions.MoveHome:
            return self._model.index(0, Column.ORDER)
        if action is actions.MoveEnd:
            return self._model.index(rows - 1, Column.ORDER)
        if action in (actions.MoveLeft, actions.MoveRight):
            return self.currentIndex()
        return super().moveCursor(action, modifiers)

    # Pointer and finger

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer becomes current; a button in it looks pressed."""
        self._pressed_row = None
        self._pressed_scroll = self.verticalScrollBar().value()
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            link = self._model.link_at(index.row())
            self._pressed_row = link.invoice_number
            if self._pressable(index, link) is not None:
                self._delegate.down = (link.invoice_number, Column(index.column()))
        super().mousePressEvent(event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tracks the button under the pointer. Dragging selects nothing."""
        if not event.buttons():
            self._point_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What was pressed and let go in one place is meant: a button starts, the rest of a row opens."""
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        pressed_row, down = self._pressed_row, self._delegate.down
        self._pressed_row = self._delegate.down = None
        self.viewport().update()
        index = self.indexAt(event.position().toPoint())
        has_scrolled = self.verticalScrollBar().value() != self._pressed_scroll
        if not index.isValid() or has_scrolled:
            return
        link = self._model.link_at(index.row())
        if down is not None:
            if down == (link.invoice_number, Column(index.column())):
                self._press(self._pressable(index, link), link.invoice_number)
        elif pressed_row == link.invoice_number and not self._is_button_place(index, link):
            self.opened.emit(link.invoice_number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click is a press like any other."""
        self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The row menu at the pointer. The keys for it arrive as keys."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            return
        index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_requested.emit(self._model.link_at(index.row()).invoice_number, event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        """From now on rows keep their places."""
        super().enterEvent(event)
        self._is_pointed = True
        self._tell_model()

    def leaveEvent(self, event: QEvent) -> None:
        """New rows may come in again."""
        super().leaveEvent(event)
        self._is_pointed = False
        self._delegate.hover = None
        self.viewport().update()
        self._tell_model()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys reach the table: rows keep their places, and there is a current row to start from."""
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self._current is None and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, Column.ORDER))
        self._tell_model()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """New rows may come in again."""
        super().focusOutEvent(event)
        self._tell_model()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody uses a table that is not there."""
        super().hideEvent(event)
        self._is_pointed = False
        self._fade.stop()
        self._tell_model()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns follow the width of the table."""
        super().resizeEvent(event)
        self._fit_columns()

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tells of another current link, not of another cell in its row."""
        super().currentChanged(current, previous)
        number = self._model.link_at(current.row()).invoice_number if current.isValid() else None
        self._set_current(number)

    # Slots

    def _on_head_clicked(self, section: int) -> None:
        if not self._head.is_sortable(section):
            return
        column, (sorted_by, order) = Column(section), self._model.sorted_by
        ascending = order is Qt.SortOrder.DescendingOrder if column is sorted_by else column not in _LARGEST_FIRST
        wanted = Qt.SortOrder.AscendingOrder if ascending else Qt.SortOrder.DescendingOrder
        self._model.sort(column, wanted)
        self._head.set_sorted(column, wanted)

    def _on_model_reset(self) -> None:
        """The rows are new: find the current link among them."""
        row = self._model.row_of(self._current)
        if row is None:
            self._set_current(None)
            self.scrollToTop()
        else:
            self.setCurrentIndex(self._model.index(row, Column.ORDER))
            self.scrollTo(self.currentIndex())

    def _on_flipped(self, row: int) -> None:
        if not self.isVisible() or self._delegate.flip_strength(row) <= 0:
            return
        self._fading.add(self._model.link_at(row).invoice_number)
        self._fade.start()

    def _on_fade(self) -> None:
        """One frame of the fading tints; the timer stops with the last of them."""
        for number in tuple(self._fading):
            row = self._model.row_of(number)
            if row is None or self._delegate.flip_strength(row) <= 0:
                self._fading.discard(number)
            if row is not None:
                self._update_row(row)
        if not self._fading:
            self._fade.stop()

    # Parts of the above

    def _update_row(self, row: int) -> None:
        self.viewport().update(0, self.rowViewportPosition(row), self.viewport().width(), Height.ROW)

    def _on_rows_inserted(self) -> None:
        if self._awaited is not None and self._current is None and self._model.row_of(self._awaited) is not None:
            self.select(self._awaited)

    def _set_current(self, number: str | None) -> None:
        if number is not None:
            self._awaited = None
        if number != self._current:
            self._current = number
            self.current_changed.emit(number)

    def _tell_model(self) -> None:
        self._model.set_held(self.is_in_use)

    def _point_at(self, point: QPoint) -> None:
        index = self.indexAt(point)
        hover = None
        if index.isValid():
            link = self._model.link_at(index.row())
            if self._pressable(index, link) is not None:
                hover = (link.invoice_number, Column(index.column()))
        if hover != self._delegate.hover:
            self._delegate.hover = hover
            self.viewport().update()

    def _pressable(self, index: QModelIndex, link: PaymentLink) -> RowButton | None:
        """The button in that cell, if it may be pressed and its row has been still for a moment."""
        button = self._delegate.button_of(Column(index.column()), link)
        if button is None or not button.is_on or self._has_just_flipped(index):
            return None
        return button

    def _is_button_place(self, index: QModelIndex, link: PaymentLink) -> bool:
        """Whether a click there is aimed at a button: one that is off, or one that has just gone or come."""
        column = Column(index.column())
        if column not in (Column.CANCEL, Column.REFUND):
            return False
        return self._has_just_flipped(index) or self._delegate.button_of(column, link) is not None

    def _has_just_flipped(self, index: QModelIndex) -> bool:
        since = self._model.seconds_since_flip(index.row())
        return since is not None and since < HANDS_OFF_SECONDS

    def _press(self, button: RowButton | None, number: str) -> None:
        if button is None:
            return
        if button.action is RowAction.CANCEL:
            self.cancel_requested.emit(number)
        elif button.action is RowAction.REFUND:
            self.refund_requested.emit(number)
        elif button.action is RowAction.CHECK:
            self.check_requested.emit(number)

    def _ask_for_menu(self) -> None:
        index = self.currentIndex()
        if self._current is not None and index.isValid():
            cell = self.visualRect(index.siblingAtColumn(Column.ORDER))
            self.menu_requested.emit(self._current, self.viewport().mapToGlobal(cell.bottomLeft()))

    def _fit_columns(self) -> None:
        widths = column_widths(self.viewport().width())
        # Told of each column, the view would paint itself once more, a turn later. All of it is painted anyway.
        with QSignalBlocker(self._head):
            for column in Column:
                self._head.setSectionHidden(column, column not in widths)
                if column in widths:
                    self._head.resizeSection(column, widths[column])
        self.viewport().update()
