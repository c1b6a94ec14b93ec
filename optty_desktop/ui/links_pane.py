"""The pane of the links: search and views, the table or what stands in its place, footer or toast."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.ports import Clock
from optty_desktop.till.line import Line
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.empty_state import EmptyState
from optty_desktop.ui.empty_words import Lack, Way, earlier_word, empty_words, since_words
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.link_search import needle
from optty_desktop.ui.links_model import LinksModel
from optty_desktop.ui.links_table import LinksTable
from optty_desktop.ui.links_toolbar import LinksToolbar
from optty_desktop.ui.status_age import StatusAge
from optty_desktop.ui.table_footer import Scope, TableFooter, summary_parts
from optty_desktop.ui.theme import Look
from optty_desktop.ui.toast import Toast
from optty_desktop.ui.words import tr


class LinksPane(QWidget):
    """Passes on what the table asks for; refresh, earlier days and practice are asked for here.

    `search_changed` carries the words as they are looked for, empty when the search is over; `view_changed` says that
    another view is chosen; `keyboard_freed` that opening a link has hidden the table, and nothing has the keyboard.
    """

    opened = Signal(str)
    current_changed = Signal(object)
    keyboard_freed = Signal()
    cancel_requested = Signal(str)
    refund_requested = Signal(str)
    check_requested = Signal(str)
    menu_requested = Signal(str, QPoint)
    refresh_requested = Signal()
    earlier_requested = Signal()
    search_changed = Signal(str)
    view_changed = Signal()
    practice_requested = Signal()
    _summary_due = Signal()

    def __init__(
        self,
        look: Look,
        book: LinkBook,
        clock: Clock,
        *,
        is_practice: bool = False,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._clock = clock
        self._zone = zone
        self._is_practice = is_practice
        self._scope = Scope.SESSION
        self._searched = ""
        self._may_have_earlier = True
        self._is_searching_on = False
        self._searched_since: datetime | None = None
        self._painted_minute: datetime | None = None
        self.model = LinksModel(book, clock, zone, self)
        self.table = LinksTable(look, self.model, self)
        self._toolbar = LinksToolbar(look, self)
        self._search, self._filters = self._toolbar.search, self._toolbar.filters
        self._earlier = Button(look, tr("Show earlier days"), icon="history", parent=self)
        self._practice = Button(look, tr("Make a practice link"), icon="graduation-cap", parent=self)
        self._clear_search = Button(look, tr("Clear search"), icon="x", parent=self)
        self._show_all = Button(look, tr("Show all links"), parent=self)
        self._ways = {
            Way.EARLIER: self._earlier,
            Way.PRACTICE: self._practice,
            Way.CLEAR_SEARCH: self._clear_search,
            Way.SHOW_ALL: self._show_all,
        }
        self._empty = EmptyState(look, list(self._ways.values()), self)
        self._footer = TableFooter(look, self)
        self._toast = Toast(look, parent=self)
        self._age = StatusAge(self, self._footer, self.model, clock, zone)
        self._is_summary_due = False
        self._body = QStackedLayout()
        self._foot = QStackedLayout()
        self._lay_out()
        self._connect()
        self._on_summary()

    # What the page asks for

    def set_line(self, line: Line, now: float) -> None:
        """Show the connection; `now` is the monotonic time of the clock at which `line` was true."""
        self._age.set_line(line, now)

    def set_scope_words(self, scope: Scope) -> None:
        """Say which days the table shows. The rows themselves follow `model.set_since`."""
        self._scope = scope
        self._on_summary()

    def widen(self, scope: Scope, since: datetime | None) -> None:
        """Show the links since then, those that are shown already where they are."""
        bar = self.table.verticalScrollBar()
        at = bar.value()
        self.model.set_since(since)
        self.set_scope_words(scope)
        self.table.doItemsLayout()
        bar.setValue(at)

    def set_may_have_earlier(self, may: bool) -> None:
        """Offer earlier links while there may be any, below the table and where it is empty."""
        self._may_have_earlier = may
        self._footer.set_may_have_earlier(may)
        self._on_rows_changed()

    def set_looking_back(self, is_looking: bool) -> None:
        """Until it is known whether there are earlier links, an empty table says nothing that would jump at once."""
        self._empty.set_waiting(is_looking)
        self._footer.set_may_have_earlier(self._may_have_earlier and not is_looking)

    def set_search_reach(self, since: datetime | None, *, is_running: bool) -> None:
        """Say whether the search goes on in earlier days, or how far back it went; None: all the way."""
        self._searched_since, self._is_searching_on = since, is_running
        self._age.set_searching(is_running)
        self._on_rows_changed()

    def set_checking(self, is_checking: bool) -> None:
        """Say that the statuses are being read, until they are."""
        self._age.set_checking(is_checking)

    def show_nothing_to_check(self) -> None:
        """Say for a moment that no link waits for anything."""
        self._age.show_nothing_to_check()

    def set_paused(self, is_paused: bool) -> None:
        """Switch the buttons of the rows off and on."""
        self.table.set_paused(is_paused)

    def set_held_back(self, is_held_back: bool) -> None:
        """Switch cancels and refunds of the rows off and on."""
        self.table.set_held_back(is_held_back)

    def set_filter(self, link_filter: LinkFilter) -> None:
        """Show one view, as a click on its button does."""
        self._filters.choose(link_filter)

    def select(self, number: str) -> bool:
        """Make that link current and bring it into view. Returns False where filter or search hide it."""
        return self.table.select(number)

    def selected(self) -> str | None:
        """The number of the current link."""
        return self.table.selected()

    def focus_search(self) -> None:
        """Put the cursor into the search field, over what is typed there."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def clear_search(self) -> None:
        """Show what the search had hidden."""
        self._search.clear()

    def show_toast(self, text: str, action: str | None = None, on_action: Callable[[], object] | None = None) -> None:
        """Say that something worked."""
        self._toast.show_text(text, action, on_action)

    @property
    def toast(self) -> Toast:
        """The toast in the place of the footer."""
        return self._toast

    # What Qt asks

    def event(self, event: QEvent) -> bool:
        """Esc belongs to a message on the screen before it belongs to the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._toast.is_showing
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the message on the screen."""
        if event.key() != Qt.Key.Key_Escape or not self._toast.dismiss():
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for the smallest window."""
        return QSize(320, 240)

    def showEvent(self, event: QShowEvent) -> None:
        """The age on the screen is right from the start."""
        super().showEvent(event)
        self._age.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing ticks while nobody looks."""
        super().hideEvent(event)
        self._age.rest()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.end()

    # Building

    def _lay_out(self) -> None:
        self._empty.viewport().setAutoFillBackground(False)
        self._body.addWidget(self.table)
        self._body.addWidget(self._empty)
        self._foot.addWidget(self._footer)
        self._foot.addWidget(self._toast)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self._toolbar)
        column.addLayout(self._body, 1)
        column.addLayout(self._foot)
        self.setTabOrder(self._toolbar.last, self.table)

    def _connect(self) -> None:
        table = self.table
        table.opened.connect(self._on_opened)
        table.current_changed.connect(self.current_changed)
        table.cancel_requested.connect(self.cancel_requested)
        table.refund_requested.connect(self.refund_requested)
        table.check_requested.connect(self.check_requested)
        table.menu_requested.connect(self.menu_requested)
        self._search.searched.connect(self._on_searched)
        self._search.leave_requested.connect(self._on_search_leave_requested)
        self._filters.filter_changed.connect(self._on_filter_changed)
        self._toolbar.new_rows_wanted.connect(self._on_new_rows_wanted)
        self._footer.refresh_requested.connect(self.refresh_requested)
        self._footer.earlier_requested.connect(self.earlier_requested)
        self._earlier.clicked.connect(self.earlier_requested)
        self._practice.clicked.connect(self.practice_requested)
        self._clear_search.clicked.connect(self._on_clear_search_clicked)
        self._show_all.clicked.connect(self._on_show_all_clicked)
        self._toast.shown_changed.connect(self._on_toast_shown_changed)
        self._age.aged.connect(self._on_aged)
        # An event, not a timer: timers come after the paint, and counts would be painted one turn late.
        self._summary_due.connect(self._on_summary, Qt.ConnectionType.QueuedConnection)
        self.model.held_changed.connect(self._toolbar.set_held)
        self.model.tally_changed.connect(self._on_tally_changed)
        self.model.rowsInserted.connect(self._on_rows_changed)
        self.model.rowsRemoved.connect(self._on_rows_changed)
        self.model.modelReset.connect(self._on_rows_changed)

    # Slots

    def _on_opened(self, number: str) -> None:
        had_keyboard = self.table.hasFocus()
        self.opened.emit(number)
        focused: QWidget | None = self.window().focusWidget()
        if had_keyboard and self.isHidden() and focused is not None:
            # Qt has handed it to whatever comes next in the window, which may be the way out of training.
            focused.clearFocus()
            self.keyboard_freed.emit()

    def _on_searched(self, text: str) -> None:
        self._searched = text.strip()
        self.model.set_search(text)
        self._on_rows_changed()
        self.search_changed.emit(needle(text))

    def _on_search_leave_requested(self) -> None:
        self.table.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_filter_changed(self, link_filter: LinkFilter) -> None:
        self.model.set_filter(link_filter)
        self.view_changed.emit()

    def _on_new_rows_wanted(self) -> None:
        self.model.release_held()
        self.table.scrollToTop()

    def _on_clear_search_clicked(self) -> None:
        self.clear_search()
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_show_all_clicked(self) -> None:
        self.set_filter(LinkFilter.ALL)

    def _on_toast_shown_changed(self, is_shown: bool) -> None:
        goes, comes = (self._footer, self._toast) if is_shown else (self._toast, self._footer)
        if goes.isAncestorOf(self.window().focusWidget()):
            # Left alone, the focus would fall on whatever comes in the place of the button.
            (self.table if self.table.isVisible() else self._search).setFocus(Qt.FocusReason.OtherFocusReason)
        self._foot.setCurrentWidget(comes)

    def _on_aged(self) -> None:
        minute = self._clock.now().replace(second=0, microsecond=0)
        if minute != self._painted_minute:
            self._painted_minute = minute
            self.table.viewport().update()  # a due date may have passed, or midnight

    def _on_tally_changed(self) -> None:
        if not self._is_summary_due:
            self._is_summary_due = True
            self._summary_due.emit()

    def _on_summary(self) -> None:
        """Counts and sums; once for however many changes came in one turn of the loop."""
        self._is_summary_due = False
        counts = self.model.counts()
        self._filters.set_counts(counts)
        model, count = self.model, counts[LinkFilter.ALL]
        totals, unconfirmed = model.totals(), model.unconfirmed_refunds
        unread = model.set_by_hand, model.reported
        self._footer.set_parts(summary_parts(count, totals, unconfirmed, self._scope, model.older_count, *unread))
        self._on_rows_changed()

    def _on_rows_changed(self) -> None:
        if self.model.rowCount() or self.model.held_count:
            self._body.setCurrentWidget(self.table)
            return
        words, ways = empty_words(self._lack())
        self._earlier.setText(earlier_word(self._scope, is_searching=self.model.is_searching))
        self._empty.show_words(words, [self._ways[way] for way in ways])
        self._body.setCurrentWidget(self._empty)

    # Parts of the above

    def _lack(self) -> Lack:
        """Why there may be no rows."""
        model = self.model
        since = self._searched_since if model.is_searching else model.since
        return Lack(
            self._scope,
            model.filter,
            self._searched if model.is_searching else "",
            since_words(self._scope, since, self._clock.now(), self._zone, is_searching=model.is_searching),
            self._is_searching_on,
            self._may_have_earlier,
            self._is_practice,
        )
