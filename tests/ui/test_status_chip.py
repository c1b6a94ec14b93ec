"""Chips: word, icon and colour together, and what staleness does to them."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState
from optty_desktop.ui import environment_kinds
from optty_desktop.ui.state_look import STATE_LOOKS, state_word
from optty_desktop.ui.status_chip import StatusChip, chip_width
from optty_desktop.ui.tokens import LIGHT
from tests.ui.ui_room import new_look, show


def ground(chip: StatusChip) -> str:
    """The colour just inside the edge of the chip."""
    return chip.grab().toImage().pixelColor(chip.width() - 5, 5).name()


@pytest.mark.parametrize("state", list(LinkState))
def test_each_state_has_a_word_an_icon_and_a_chip(qtbot: QtBot, state: LinkState) -> None:
    look = new_look()
    chip = StatusChip(look)
    chip.set_state(state)
    show(qtbot, chip)
    assert chip.accessibleName() == state_word(state)
    assert (chip.sizeHint().height(), chip.sizeHint().width()) == (26, chip_width(state, look))
    assert not look.pixmap(STATE_LOOKS[state].icon, STATE_LOOKS[state].color, 16, 1.0).isNull()


def test_words_and_icons_differ_from_state_to_state() -> None:
    assert len({state_word(state) for state in LinkState}) == 8
    assert len({look.icon for look in STATE_LOOKS.values()}) == 8


@pytest.mark.parametrize(
    ("state", "keeps"),
    [(LinkState.PENDING, False), (LinkState.IN_PROGRESS, False), (LinkState.PAID, True), (LinkState.REFUNDED, True)],
)
def test_stale_open_states_lose_their_fill(qtbot: QtBot, state: LinkState, keeps: bool) -> None:
    chip = StatusChip(new_look())
    chip.set_state(state)
    show(qtbot, chip)
    tint = QColor(getattr(LIGHT, STATE_LOOKS[state].tint)).name()
    assert ground(chip) == tint
    chip.set_state(state, stale=True)
    assert (ground(chip) == tint) is keeps


@pytest.mark.parametrize("state", [LinkState.PAID, LinkState.REFUNDED])
def test_what_a_person_says_has_no_fill(qtbot: QtBot, state: LinkState) -> None:
    chip = StatusChip(new_look())
    chip.set_state(state)
    show(qtbot, chip)
    filled = ground(chip)
    chip.set_state(state, by_hand=True)
    assert ground(chip) != filled


def test_the_plain_words_are_the_kinds_of_environment() -> None:
    plain = {environment_kinds.TRAINING, environment_kinds.SANDBOX, environment_kinds.LIVE}
    assert plain == {kind.value for kind in EnvironmentKind}
