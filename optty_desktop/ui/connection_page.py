"""Settings, section Connection: the profile of the environment one is signed in to, saved as a whole or not at all."""

from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.policy import Policy
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.card_columns import CardColumns
from optty_desktop.ui.connection_form import ConnectionForm
from optty_desktop.ui.managed_cards import managed_cards
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.probe_card import ProbeCard
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr


class ConnectionPage(QWidget):
    """Carries what is asked for; it saves and tests nothing itself."""

    save_requested = Signal()
    sign_out_requested = Signal()

    def __init__(
        self, look: Look, environment: Environment, policy: Policy | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.form = ConnectionForm(look, environment, policy or Policy(), self)
        self.probe = ProbeCard(look, environment.name, self)
        self._cards = self._new_cards(look, environment.name, managed_cards(look, policy or Policy()))
        self._bar = _Bar(look, self)
        self._message = Message(look, "connectionMessage", self._bar)
        self._sign_out = Button(look, tr("Sign out now"), parent=self._bar)
        self._undo = Button(look, tr("Undo changes"), parent=self._bar)
        self._save = Button(look, tr("Save…"), ButtonKind.PRIMARY, parent=self._bar)
        self._lay_out()
        self._save.clicked.connect(self.save_requested)
        self._sign_out.clicked.connect(self.sign_out_requested)
        self._undo.clicked.connect(self._on_undo)
        self.form.changed.connect(self._on_changed)
        self._on_changed()
        self.form.align()

    def show_saved(self, environment: Environment) -> None:
        """Show what is stored now, which differs from what the session works by."""
        self.form.show_profile(environment)
        self._message.show_text(tr("Saved. It holds from the next sign-in."), MessageKind.SUCCESS)
        self._sign_out.show()

    def show_problem(self, text: str) -> None:
        """Say why nothing was saved; everything typed stays."""
        self._say(text, MessageKind.ERROR)

    def show_hint(self, text: str) -> None:
        """Say something that stops nothing."""
        self._say(text, MessageKind.HINT)

    def set_saving(self, saving: bool) -> None:
        """While the file is written nothing is pressed twice; the keyboard stays where it was."""
        if saving:
            self._message.clear()
            self._save.set_busy(tr("Saving…"))
        else:
            self._save.reset()
            self._save.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Addresses follow the reading direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.form.align()

    def _say(self, text: str, kind: MessageKind) -> None:
        self._sign_out.hide()
        self._message.show_text(text, kind)

    def _on_undo(self) -> None:
        self.form.undo()
        self._save.setFocus()

    def _on_changed(self) -> None:
        """What was said is about what stood here before."""
        self._message.clear()
        self._sign_out.hide()
        self._undo.setVisible(self.form.is_changed)

    def _new_cards(self, look: Look, name: str, managed: tuple[TitledCard, ...]) -> CardColumns:
        title = tr("Connection to {environment}", environment=harmless(name, 60))
        form = self.form
        notices = () if form.notices is None else (form.notices,)
        leading = (*managed, form.addresses, form.hosts, self.probe, *notices, form.reported)
        return CardColumns(look, title, leading, (form.refunds, form.route), self)

    def _lay_out(self) -> None:
        for button, name in (
            (self._save, "saveConnectionButton"),
            (self._undo, "undoConnectionButton"),
            (self._sign_out, "signOutNowButton"),
        ):
            button.setObjectName(name)
        self._sign_out.hide()
        buttons = QHBoxLayout(self._bar)
        buttons.setContentsMargins(Space.SECTION, Space.SMALL + 1, Space.SECTION, Space.SMALL)
        buttons.setSpacing(Space.SMALL)
        buttons.addWidget(self._message, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self._sign_out, self._undo, self._save):
            buttons.addWidget(button)
        buttons.insertStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._cards, 1)
        column.addWidget(self._bar)
        stops = [*self.form.stops(self.probe.button), self._sign_out, self._undo, self._save]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)


class TrainingConnectionPage(QWidget):
    """Says that there is nothing to set up."""

    def __init__(self, look: Look, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = TitledCard(look, tr("Nothing to set up"), self)
        card.add_text(
            tr(
                "Training brings its own connection: a pretend payment service on this computer. "
                "Sign in to Sandbox or Live to see and change theirs."
            ),
            name="trainingConnectionText",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(CardColumns(look, tr("Connection"), (*managed_cards(look, policy), card), (), self))


def connection_page(look: Look, environment: Environment, policy: Policy) -> ConnectionPage | TrainingConnectionPage:
    """The section for this environment, with what the policy sets out of reach."""
    if environment.kind is EnvironmentKind.TRAINING:
        return TrainingConnectionPage(look, policy)
    return ConnectionPage(look, environment, policy)


class _Bar(QWidget):
    """Pinned below what scrolls, on a surface of its own."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        """Surface and hairline."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.fillRect(0, 0, self.width(), 1, self._look.color("divider"))
        painter.end()
