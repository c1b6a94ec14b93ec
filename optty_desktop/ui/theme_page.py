"""Settings, section Appearance: which theme every window of the program wears."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.ui.card_columns import CardColumns
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.theme import Look
from optty_desktop.ui.theme_tile import ThemeTile
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Space
from optty_desktop.ui.words import tr

_COLUMNS = 2


class ThemePage(QWidget):
    """`chosen` carries the ThemeChoice that somebody wants from now on."""

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._tiles: dict[ThemeChoice, ThemeTile] = {}
        self._message = Message(look, "themeMessage")
        cards = CardColumns(look, tr("Appearance"), (self._themes(),), (self._same(),), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(cards)

    def show_choice(self, choice: ThemeChoice) -> None:
        """Show what holds now."""
        self._tiles[choice].setChecked(True)

    def say(self, text: str, kind: MessageKind) -> None:
        """Say below the choices what became of one."""
        self._message.show_text(text, kind)

    def hideEvent(self, event: QHideEvent) -> None:
        """What was said about the last choice is over."""
        super().hideEvent(event)
        self._message.clear()

    def _themes(self) -> TitledCard:
        card = TitledCard(self._look, tr("Theme"))
        tiles = (
            (ThemeChoice.LIGHT, "themeLightRadio", tr("Light"), tr("For bright rooms."), (LIGHT,)),
            (ThemeChoice.DARK, "themeDarkRadio", tr("Dark"), tr("For dim rooms and late hours."), (DARK,)),
            (
                ThemeChoice.CONTRAST,
                "themeContrastRadio",
                tr("High contrast"),
                tr("White on black, with strong lines."),
                (HIGH_CONTRAST,),
            ),
            (
                ThemeChoice.SYSTEM,
                "themeSystemRadio",
                tr("Same as computer"),
                tr("Changes when the computer does."),
                (LIGHT, DARK),
            ),
        )
        grid = QGridLayout()
        grid.setSpacing(Space.ROW)
        for place, (choice, name, title, meaning, themes) in enumerate(tiles):
            tile = self._tiles[choice] = ThemeTile(self._look, title, meaning, themes, card)
            tile.setObjectName(name)
            tile.clicked.connect(partial(self.chosen.emit, choice))
            grid.addWidget(tile, *divmod(place, _COLUMNS))
        card.column.addLayout(grid)
        card.column.addWidget(self._message)
        return card

    def _same(self) -> TitledCard:
        card = TitledCard(self._look, tr("What stays the same"))
        card.add_text(
            tr(
                "The code a customer scans is black on white in every theme, so that every phone reads it. The theme "
                "is yours on this computer, and the sign-in window wears it, too."
            )
        )
        return card
