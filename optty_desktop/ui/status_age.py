"""How old the statuses in the table are, said in its footer; what is going on stands in that place meanwhile."""

from datetime import timedelta, tzinfo

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.ports import Clock
from optty_desktop.till.line import Line, LineState
from optty_desktop.ui.links_model import LinksModel
from optty_desktop.ui.table_footer import TableFooter
from optty_desktop.ui.times import clock_time, seconds_to_next_age, updated_ago
from optty_desktop.ui.words import tr

STALE_AFTER_SECONDS = 60.0
_NOTHING_MS = 3000
"""How long "Nothing to check" stands."""


class StatusAge(QObject):
    """Looks again when the words change, and only while `pane` is seen. `aged` says that it has looked."""

    aged = Signal()

    def __init__(
        self, pane: QWidget, footer: TableFooter, model: LinksModel, clock: Clock, zone: tzinfo | None
    ) -> None:
        super().__init__(pane)
        self._pane, self._footer, self._model, self._clock, self._zone = pane, footer, model, clock, zone
        self._line: Line | None = None
        self._is_checking = False
        self._is_searching = False
        self._age = QTimer(pane)
        self._age.setSingleShot(True)
        self._age.timeout.connect(self._on_age)
        self._nothing = QTimer(pane)
        self._nothing.setSingleShot(True)
        self._nothing.setInterval(_NOTHING_MS)
        self._nothing.timeout.connect(self._show_notice)

    def set_line(self, line: Line, now: float) -> None:
        """Show the connection; `now` is the monotonic time at which `line` was true."""
        self._line = line
        self._show(now)

    def look(self) -> None:
        """Show what is true now, where anything is known."""
        if self._line is not None:
            self._show(self._clock.monotonic())

    def rest(self) -> None:
        """Nothing ticks while nobody looks."""
        self._age.stop()

    def set_checking(self, is_checking: bool) -> None:
        """Say that the statuses are being read, until they are."""
        self._is_checking = is_checking
        self._nothing.stop()
        self._show_notice()

    def set_searching(self, is_searching: bool) -> None:
        """Say that earlier days are being searched."""
        self._is_searching = is_searching
        self._show_notice()

    def show_nothing_to_check(self) -> None:
        """Say for a moment that no link waits for anything."""
        self._nothing.start()
        self._show_notice()

    def _on_age(self) -> None:
        self._show(self._clock.monotonic())
        self.aged.emit()

    def _show_notice(self) -> None:
        if self._is_checking:
            self._footer.set_notice(tr("Checking…"))
        elif self._nothing.isActive():
            self._footer.set_notice(tr("Nothing to check"))
        else:
            self._footer.set_notice(tr("Searching earlier days…") if self._is_searching else "")

    def _show(self, now: float) -> None:
        """Say how old the statuses are, and look again when that changes. Nothing ticks where nothing can change."""
        line = self._line
        if line is None or line.last_contact is None:
            self._footer.set_updated(tr("Not checked yet"), is_warning=False)
            return
        age = max(0.0, now - line.last_contact)
        is_online = line.state is LineState.ONLINE
        self._model.set_stale(not is_online and age >= STALE_AFTER_SECONDS)
        if is_online:
            self._footer.set_updated(updated_ago(age, is_live=line.news is HintWay.LIVE), is_warning=False)
        else:
            at = self._clock.now() - timedelta(seconds=age)
            self._footer.set_updated(tr("As of {time}", time=clock_time(at, self._zone)), is_warning=True)
        self._wait(age, is_online=is_online)

    def _wait(self, age: float, *, is_online: bool) -> None:
        if not self._pane.isVisible():
            return
        if is_online:
            self._age.start(int(seconds_to_next_age(age) * 1000) + 1)
        elif age < STALE_AFTER_SECONDS:
            self._age.start(int((STALE_AFTER_SECONDS - age) * 1000) + 1)
        else:
            self._age.stop()
