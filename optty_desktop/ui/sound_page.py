"""Settings, section Sounds and alerts: whether and how loud this till sounds, and what each sound means."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from optty_desktop.core.news import News
from optty_desktop.core.sound_choice import SoundChoice
from optty_desktop.ui.buttons import Button
from optty_desktop.ui.card_columns import CardColumns
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.slider import Slider
from optty_desktop.ui.switch import Switch
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.words import tr

_STEP = 5


class SoundPage(QWidget):
    """`chosen` carries the SoundChoice that somebody wants from now on, `tried` the News whose sound is to be heard."""

    chosen = Signal(object)
    tried = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._switch = Switch(look, "")
        self._switch.setObjectName("soundsSwitch")
        self._switch.setAccessibleName(tr("Play sounds"))
        self._switch.setFixedSize(self._switch.sizeHint())
        self._slider = self._new_slider()
        self._message = Message(look, "soundsMessage")
        self._silence = Message(look, "silenceMessage")
        self._buttons: list[Button] = []
        cards = CardColumns(look, tr("Sounds and alerts"), (self._choices(), self._alerts()), (self._meanings(),), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(cards)
        self.show_choice(SoundChoice())
        self._switch.clicked.connect(self._on_chosen)
        self._slider.valueChanged.connect(self._on_chosen)
        self._slider.sliderMoved.connect(self._show_volume)

    def show_choice(self, choice: SoundChoice) -> None:
        """Show what holds now."""
        self._switch.setChecked(choice.is_on)
        was_blocked = self._slider.blockSignals(True)
        self._slider.setValue(choice.volume)
        self._slider.blockSignals(was_blocked)
        self._show_volume(choice.volume)
        self._slider.setEnabled(choice.is_on)
        for button in self._buttons:
            button.setEnabled(not choice.is_silent)

    def say(self, text: str, kind: MessageKind) -> None:
        """Say below the choices what became of one."""
        self._message.show_text(text, kind)

    def say_of_try(self, text: str) -> None:
        """Say below the sounds why one was not to be heard; "" takes that away."""
        if text:
            self._silence.show_text(text, MessageKind.WARNING)
        else:
            self._silence.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was said about the last choice and the last try is over."""
        super().hideEvent(event)
        self._message.clear()
        self._silence.clear()

    def _on_chosen(self) -> None:
        choice = SoundChoice(self._switch.isChecked(), self._slider.value())
        self.show_choice(choice)
        self.chosen.emit(choice)

    def _show_volume(self, volume: int) -> None:
        self._volume.setText(tr("{n} % of full loudness", n=volume))

    def _new_slider(self) -> Slider:
        slider = Slider(self._look)
        slider.setObjectName("volumeSlider")
        slider.setAccessibleName(tr("Volume"))
        slider.setRange(0, 100)
        slider.setSingleStep(_STEP)
        slider.setPageStep(4 * _STEP)
        return slider

    def _choices(self) -> TitledCard:
        card = TitledCard(self._look, tr("Sounds"))
        card.add_row(tr("Play sounds"), tr("A short sound when money comes, or when a link needs you."), self._switch)
        self._volume = card.add_row(tr("Volume"), "", self._slider)
        card.column.addWidget(self._message)
        return card

    def _alerts(self) -> TitledCard:
        card = TitledCard(self._look, tr("While you look at another window"))
        card.add_text(
            tr(
                "The computer tells you when a link is paid, when one needs checking, and when a cancel became a "
                "refund. It names amount and order, never the customer. Whether notifications are shown at all is set "
                "in the computer."
            )
        )
        return card

    def _meanings(self) -> TitledCard:
        card = TitledCard(self._look, tr("What each sound means"))
        rows = (
            (News.PAID, tr("Paid"), tr("Two rising notes."), "tryPaidButton"),
            (News.DECLINED, tr("Declined"), tr("One low note. The customer can try again."), "tryDeclinedButton"),
            (News.NEEDS_CHECK, tr("Needs check"), tr("Two equal notes. Nobody knows yet."), "tryNeedsCheckButton"),
            (
                News.BECAME_REFUND,
                tr("Cancel became a refund"),
                tr("Three low notes. Tell the customer."),
                "tryBecameRefundButton",
            ),
        )
        for news, title, words, name in rows:
            button = Button(self._look, tr("Try it"))
            button.setObjectName(name)
            button.setAccessibleName(tr("Try it: {title}", title=title))
            button.clicked.connect(partial(self.tried.emit, news))
            self._buttons.append(button)
            card.add_row(title, words, button)
        card.column.addWidget(self._silence)
        return card
