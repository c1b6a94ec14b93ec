"""Settings, section Instant status: whether this till is paired with the shop's relay, and the way there and back."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.card_columns import CardColumns
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.relay_card import RelayCard
from optty_desktop.ui.relay_form import RelayForm
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.words import tr


class RelayPage(QWidget):
    """One card at a time: the form, the pairing, or what keeps both away. `retry_requested` asks to look again."""

    retry_requested = Signal()

    def __init__(self, look: Look, environment: Environment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = RelayForm(look, self)
        self.card = RelayCard(look, self)
        self._waiting = TitledCard(look, tr("Looking in the keychain…"), self)
        self._blocked = TitledCard(look, tr("The keychain did not answer"), self)
        self._problem = Message(look, "relayBlockedMessage", self._blocked)
        self._retry = Button(look, tr("Try again"), icon="refresh-cw", parent=self._blocked)
        self._states = (self._waiting, self.form, self.card, self._blocked)
        self._lay_out(look, environment)
        self._show(self._waiting)

    def show_form(self) -> None:
        """The till is not paired."""
        self._show(self.form)

    def show_card(self) -> None:
        """The till is paired."""
        self._show(self.card)

    def show_blocked(self, text: str) -> None:
        """Nobody can say whether it is."""
        self._problem.show_text(text, MessageKind.ERROR)
        self._show(self._blocked)

    def focus_on(self, part: QWidget) -> None:
        """Take the keyboard to a part, once all that has just been said has its room: then it is seen whole."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Addresses follow the reading direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.form.align()

    def _show(self, state: QWidget) -> None:
        for one in self._states:
            one.setVisible(one is state)

    def _lay_out(self, look: Look, environment: Environment) -> None:
        self._retry.setObjectName("retryPairingButton")
        self._retry.clicked.connect(self.retry_requested)
        self._blocked.column.addWidget(self._problem)
        self._blocked.column.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignLeading)
        title = tr("Instant status in {environment}", environment=harmless(environment.name, 60))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(CardColumns(look, title, self._states, (_meaning(look, self),), self))


class TrainingRelayPage(QWidget):
    """Says that practice needs none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = TitledCard(look, tr("Nothing to pair"), self)
        card.add_text(
            tr("Practice runs on this computer. Sign in to Sandbox or Live to pair this till with a relay."),
            name="trainingRelayText",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(CardColumns(look, tr("Instant status"), (card,), (_meaning(look, self),), self))


def relay_page(look: Look, environment: Environment) -> RelayPage | TrainingRelayPage:
    """The section for this environment."""
    if environment.kind is EnvironmentKind.TRAINING:
        return TrainingRelayPage(look)
    return RelayPage(look, environment)


def _meaning(look: Look, parent: QWidget) -> TitledCard:
    card = TitledCard(look, tr("What a relay does"), parent)
    card.add_text(
        tr(
            "A relay is a small server of your shop: the payment service tells it when a customer has paid, "
            "and it tells this till in the same second."
        )
    )
    card.add_text(tr("Without a relay nothing is lost. This till asks by itself, and sees payments a little later."))
    card.add_text(
        tr("Its word alone confirms no payment: for that, this till reads the order from the payment service.")
    )
    return card
