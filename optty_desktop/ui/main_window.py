"""The window of the till: band, header, banner and the payments page, inside the frame of its environment."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.banner import Banner
from optty_desktop.ui.environment_band import EnvironmentBand, frame_margins, paint_environment_frame
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.header import Header
from optty_desktop.ui.pane_layout import LARGE
from optty_desktop.ui.pane_round import PaneRound
from optty_desktop.ui.paned_page import PanedPage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr

if TYPE_CHECKING:
    from optty_desktop.ui.payments_page import PaymentsPage

FIRST_SIZE = QSize(1366, 696)
_FITS_FROM = QSize(1366, 740)
"""A screen with less room than this, title bar included, is filled."""
_SMALLEST = QSize(480, 320)
"""Half of a 960 by 640 screen: what is left of a small one at 200 % text."""


class MainWindow(QWidget):
    """On the screen before its page is built, which ``set_page`` brings.

    Closing it only asks: the desk closes it for good once every answer is stored. ``painted`` comes once, after the
    first paint.
    """

    close_requested = Signal()
    painted = Signal()

    def __init__(self, look: Look, kind: EnvironmentKind, header: Header, shop: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._look = look
        self._kind = kind
        self._may_close = False
        self.band = EnvironmentBand(look, kind, self)
        self.header = header
        self.banner = Banner(look, self)
        self._panes: PaneRound | None = None
        self._pages: dict[PanedPage, PaneRound] = {}
        self._early_keys: list[QKeyEvent] = []
        self.setObjectName("mainWindow")
        self._shop = shop
        self.setWindowTitle(_title(kind, shop))
        self.setWindowIcon(look.application_icon())
        # Until its page is there it has the keyboard itself: the first key must not press the way out of training.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()
        self.setMinimumSize(_SMALLEST)
        self.resize(FIRST_SIZE)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(frame_margins(kind))
        self._column.setSpacing(0)
        for part in (self.band, header, self.banner):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._ring = FocusRing(look, self)
        self._after_paint: QTimer | None = QTimer(self)
        self._after_paint.setSingleShot(True)
        self._after_paint.timeout.connect(self.painted)
        header.payments_requested.connect(self.focus_page)

    def set_page(self, page: "PaymentsPage") -> None:
        """Put the payments under the header."""
        self._column.takeAt(self._column.count() - 1)
        self.bring(page)

    def name_profile(self, name: str) -> None:
        """Name the environment in title and band as the shop does; "" where it has no name of its own."""
        if name:
            self.setWindowTitle(_title_with_profile(self._kind, self._shop, name))
            self.band.name_profile(name)

    def bring(self, page: PanedPage) -> None:
        """Put a page in the place of the one that stands under the header; that one stays as it is."""
        if page not in self._pages:
            self._pages[page] = PaneRound(page, self.header.payments)
            self._column.addWidget(page, 1)
        for other in self._pages:
            other.setVisible(other is page)
        self._panes = self._pages[page]

    def take_early_keys(self) -> list[QKeyEvent]:
        """What was typed before there was a page to type into; the window itself wants no keys from then on."""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        keys, self._early_keys = self._early_keys, []
        return keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep what is typed while the page is on its way."""
        if self._panes is None and event.text().isprintable() and event.text():
            self._early_keys.append(event.clone())
            return
        super().keyPressEvent(event)

    def bring_payments(self) -> None:
        """Put the payments back, with the keyboard in them."""
        self.bring(next(iter(self._pages)))
        self.focus_page()

    def fit(self, room: QSize) -> None:
        """Take the first size on a screen with this much room; a small screen is filled."""
        self.resize(FIRST_SIZE.boundedTo(room))
        if room.width() < _FITS_FROM.width() or room.height() < _FITS_FROM.height():
            self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back to the window."""
        (self.showNormal if self.isFullScreen() else self.showFullScreen)()

    def close_for_good(self) -> None:
        """Close without asking again."""
        self._may_close = True
        self.close()

    def focus_next_pane(self) -> None:
        """Put the keyboard into the next pane: form or fresh link, table, detail, header, and round again."""
        if self._panes is not None:
            self._panes.move(1)

    def focus_previous_pane(self) -> None:
        """The same, the other way round."""
        if self._panes is not None:
            self._panes.move(-1)

    def focus_page(self) -> None:
        """Put the keyboard into the page that is shown, unless it is there."""
        if self._panes is not None:
            self._panes.enter()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Small windows get a lower band and a header without words."""
        super().resizeEvent(event)
        width = self.width()
        self.band.set_compact(width < LARGE)
        self.header.set_compact(width < LARGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame."""
        painter = QPainter(self)
        paint_environment_frame(painter, self.rect(), self._look, self._kind)
        painter.end()
        if self._after_paint is not None:
            self._after_paint.start(0)
            self._after_paint = None


def come_to_front(window: QWidget) -> None:
    """Show a window above others, as a second start wants it, also where it was minimised."""
    window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()


def _title(kind: EnvironmentKind, shop: str) -> str:
    if kind is EnvironmentKind.TRAINING:
        return tr("Payment Links — {shop} — TRAINING", shop=shop)
    if kind is EnvironmentKind.SANDBOX:
        return tr("Payment Links — {shop} — SANDBOX", shop=shop)
    return tr("Payment Links — {shop}", shop=shop)


def _title_with_profile(kind: EnvironmentKind, shop: str, profile: str) -> str:
    if kind is EnvironmentKind.SANDBOX:
        return tr("Payment Links — {shop} — {profile} — SANDBOX", shop=shop, profile=profile)
    return tr("Payment Links — {shop} — {profile}", shop=shop, profile=profile)
