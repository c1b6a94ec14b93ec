"""The window people sign in with: the card on the page ground, under the band of the environment chosen."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.ui.environment_band import EnvironmentBand, paint_environment_frame
from optty_desktop.ui.environment_combo import EnvironmentChoice
from optty_desktop.ui.environment_kinds import LIVE, SANDBOX, TRAINING
from optty_desktop.ui.file_drop import FileDrop, not_files_words
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.import_area import ImportArea
from optty_desktop.ui.sign_in_form import SignInForm, SignInRequest
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import FRAME_WIDTH, Space
from optty_desktop.ui.words import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollArea

__all__ = ["EnvironmentChoice", "SignInDialog", "SignInRequest"]

_SIZE = (960, 640)
_NARROWEST = (360, 320)
_SHADOW = 24
_SHADOW_DROP = 8
_SHADOW_STEP = 2
_SHADOW_ALPHA = 9


class SignInDialog(QDialog):
    """Asks where to work and with which credentials.

    `submitted` carries a SignInRequest, `training_requested` nothing, `environment_changed` the id chosen; `painted`
    comes once, after the first paint. `import_requested` carries a tuple of paths, empty while none are chosen.
    Closing the window rejects the dialog; Esc does nothing.
    """

    submitted = Signal(object)
    training_requested = Signal()
    environment_changed = Signal(str)
    import_requested = Signal(object)
    painted = Signal()

    def __init__(
        self,
        look: Look,
        environments: Sequence[EnvironmentChoice],
        *,
        keychain_available: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("loginDialog")
        self._band = EnvironmentBand(look, LIVE, self, may_leave=False)
        self._form = SignInForm(look, environments, keychain_available=keychain_available)
        self._ground = _Ground(look, self._form)
        self._column = QVBoxLayout(self)
        self._scroll: QScrollArea | None = None
        self._lay_out()
        self._form.submitted.connect(self.submitted)
        self._form.training_requested.connect(self.training_requested)
        self._form.environment_changed.connect(self._on_environment_changed)
        self.import_area.requested.connect(self._on_import_requested)
        drop = FileDrop(self, self._may_import)
        drop.hovered.connect(self.import_area.set_highlighted)
        drop.dropped.connect(self._on_dropped)
        self._show_environment()
        self._ring: FocusRing | None = None
        self._after_paint = QTimer(self)
        self._after_paint.setSingleShot(True)
        self._after_paint.timeout.connect(self._on_painted)
        self._form.focus_first()

    @property
    def environment_id(self) -> str:
        """The environment chosen."""
        return self._form.choice().id

    @property
    def environment_kind(self) -> str:
        """The kind of the environment chosen."""
        return self._form.choice().kind

    @property
    def import_area(self) -> ImportArea:
        """Where files are taken, and what came of them is said."""
        return self._form.import_area

    def fill(self, client_id: str, client_secret: str) -> None:
        """Puts in what an import found; what is empty stays as it was typed."""
        self._form.fill(client_id, client_secret)
        self._keep_focus_in_view()

    def set_keychain_available(self, available: bool) -> None:
        """Says whether the secret can be remembered here."""
        self._form.set_keychain_available(available)

    def select_environment(self, environment_id: str) -> None:
        """Chooses an environment; an unknown id changes nothing."""
        self._form.select_environment(environment_id)

    def set_busy(self, busy: bool, words: str = "") -> None:
        """Says that the answer is awaited, or what else is going on; or opens the form again."""
        self._form.set_busy(busy, words)

    def show_problem(self, text: str, *, is_refused: bool = True) -> None:
        """Opens the form again and says why it did not work; `is_refused`: ID and secret were not accepted."""
        self._form.set_busy(False)
        self._form.show_problem(text, is_refused=is_refused)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has typed an ID or a secret."""
        return self._form.is_untouched

    def reset(self) -> None:
        """Empties the secret and takes messages away."""
        self._form.reset()

    def set_remembered(self, client_id: str) -> None:
        """Shows an ID whose secret is in the keychain; the secret may then stay empty."""
        self._form.set_remembered(client_id)
        self._form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes lists, never this window."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the card to the window."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fits the card before the first paint."""
        self._fit()
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Makes room when a message has made the card higher."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._grow()
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame of the environment."""
        painter = QPainter(self)
        paint_environment_frame(painter, self.rect(), self._look, self._band.kind)
        painter.end()
        if self._ring is None:
            self._after_paint.start(0)

    def _on_painted(self) -> None:
        # The ring listens to the events of other widgets, which is slow to set up: it comes one moment later.
        if self._ring is None:
            self._ring = FocusRing(self._look, self)
            self._form.installEventFilter(self)
            self.painted.emit()
            self._grow()
            self._fit()

    def _fit(self) -> None:
        edge = Space.SMALL if self.width() < _NARROWEST[0] + 2 * Space.WIDE else Space.SECTION
        self._form.fit_width(self.width() - 2 * (FRAME_WIDTH + edge))
        if self._scroll is None and self._lacking() > 0:
            self._start_scrolling()

    def _lacking(self) -> int:
        """How many pixels the window is too low for what it has to show."""
        room = self.height() - self._band.height() - FRAME_WIDTH
        return self._ground.heightForWidth(self.width() - 2 * FRAME_WIDTH) - room

    def _grow(self) -> None:
        """Take the height from the screen as far as there is some; only what then is lacking has to scroll."""
        lacking = self._lacking()
        if self._scroll is not None or lacking <= 0 or self.isMaximized() or self.isFullScreen():
            return
        screen, frame = self.screen().availableGeometry(), self.frameGeometry()
        more = min(lacking, screen.height() - frame.height())
        if more > 0:
            self.resize(self.width(), self.height() + more)
            beyond = frame.bottom() + more - screen.bottom()
            if beyond > 0:
                self.move(self.x(), max(screen.top(), self.y() - beyond))

    def _start_scrolling(self) -> None:
        # Only small windows pay for this: the scroll area is the most expensive part of the dialog.
        from PySide6.QtWidgets import QFrame, QScrollArea

        focused = self.focusWidget()
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._look.sheet(scroll.verticalScrollBar())
        self._column.replaceWidget(self._ground, scroll)
        scroll.setWidget(self._ground)
        scroll.viewport().setAutoFillBackground(False)
        self._scroll = scroll
        scroll.verticalScrollBar().rangeChanged.connect(self._keep_focus_in_view)
        self._ground.setAutoFillBackground(False)
        self._column.setStretchFactor(scroll, 1)
        # Not one turn later, as the layout would have it: what is hidden cannot have the keyboard.
        scroll.show()
        if focused is not None:
            focused.setFocus()

    def _keep_focus_in_view(self) -> None:
        """A message that comes must not push what has the keyboard out of the window."""
        focused = self._form.focusWidget()
        if self._scroll is not None and focused is not None:
            self._scroll.ensureWidgetVisible(focused, 0, Space.LARGE)

    def _on_environment_changed(self, environment_id: str) -> None:
        self._show_environment()
        self.environment_changed.emit(environment_id)

    def _may_import(self) -> bool:
        return self._form.may_import

    def _on_import_requested(self) -> None:
        self.import_requested.emit(())

    def _on_dropped(self, files: tuple[Path, ...]) -> None:
        if files:
            self.import_requested.emit(files)
        else:
            self.show_problem(not_files_words(), is_refused=False)

    def _show_environment(self) -> None:
        kind = self._form.choice().kind
        if kind != self._band.kind:
            self._band.set_kind(kind)
            self.update()
        titles = {
            TRAINING: tr("Payment Links — Sign in — TRAINING"),
            SANDBOX: tr("Payment Links — Sign in — SANDBOX"),
        }
        self.setWindowTitle(titles.get(kind, tr("Payment Links — Sign in")))

    def _lay_out(self) -> None:
        # The band keeps its place while hidden, so that nothing moves when another environment is chosen.
        policy = self._band.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._band.setSizePolicy(policy)
        column = self._column
        column.setContentsMargins(FRAME_WIDTH, 0, FRAME_WIDTH, FRAME_WIDTH)
        column.setSpacing(0)
        column.addWidget(self._band)
        column.addWidget(self._ground, 1)
        room = self.screen().availableSize()
        self.setMinimumSize(QSize(*_NARROWEST).boundedTo(room))
        self.resize(QSize(*_SIZE).boundedTo(room))


class _Ground(QWidget):
    """Holds the card in its middle and paints the shadow under it."""

    def __init__(self, look: Look, form: SignInForm) -> None:
        super().__init__()
        self._look = look
        self._form = form
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.SMALL, 0, Space.SMALL)
        column.addStretch(1)
        # Not an alignment flag: with one the height would be asked for the width of the window.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(form)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft shadow from thin lines: a blur, or even rounded outlines, would be felt at the start."""
        if self._look.theme.border > 1:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        card: QRect = self._form.geometry().translated(0, _SHADOW_DROP)
        shade = self._look.color("scrim")
        for step in range(-_SHADOW_DROP, _SHADOW, _SHADOW_STEP):
            shade.setAlpha(round(_SHADOW_ALPHA * (1 - max(step, 0) / _SHADOW) ** 2))
            painter.setBrush(shade)
            _draw_edges(painter, card.adjusted(-step, -step, step, step))
        painter.end()


def _draw_edges(painter: QPainter, ring: QRect) -> None:
    """Four bars that do not overlap. drawRect: the many forms of fillRect make Qt set up its gradients first."""
    bar = _SHADOW_STEP
    painter.drawRect(ring.left(), ring.top(), ring.width(), bar)
    painter.drawRect(ring.left(), ring.bottom() + 1 - bar, ring.width(), bar)
    painter.drawRect(ring.left(), ring.top() + bar, bar, ring.height() - 2 * bar)
    painter.drawRect(ring.right() + 1 - bar, ring.top() + bar, bar, ring.height() - 2 * bar)
