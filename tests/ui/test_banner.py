"""The banner: the most serious cause is shown, stays until it is gone, and is whole in both directions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.ui.banner import Banner, BannerWords, Cause
from optty_desktop.ui.tokens import LIGHT
from tests.ui.stage import click, make_look, part, put_on_stage, settle
from tests.ui.ui_room import Heard


def staged(qtbot: QtBot, width: int) -> tuple[Banner, QWidget]:
    """A banner, and the window that holds it."""
    banner = Banner(make_look())
    return banner, put_on_stage(qtbot, banner, width, 300)


def words(cause: Cause) -> BannerWords:
    return BannerWords(f"{cause.name}.", "And so on.", f"Do {cause.name}", "info", "Next try in 5 s")


def said(banner: Banner) -> str:
    return part(banner, QLabel, "statusBannerText").text() if banner.isVisible() else ""


def test_the_most_serious_cause_is_shown_and_the_next_one_after_it(qtbot: QtBot) -> None:
    banner, _window = staged(qtbot, 900)
    banner.hide()
    heard = Heard(banner.pressed)
    for cause in (Cause.NOTICE, Cause.OFFLINE, Cause.NEEDS_CHECK, Cause.TROUBLE):
        banner.show_cause(cause, words(cause))
    for cause in (Cause.OFFLINE, Cause.TROUBLE, Cause.NOTICE, Cause.NEEDS_CHECK):
        assert banner.cause is cause
        assert said(banner) == f"{cause.name}. And so on."
        assert banner.accessibleName() == said(banner)
        button = part(banner, QAbstractButton, "statusBannerButton")
        assert button.text() == f"Do {cause.name}"
        click(button)
        banner.drop_cause(cause)
    assert banner.isHidden()
    assert banner.cause is None
    assert heard.calls == [(Cause.OFFLINE,), (Cause.TROUBLE,), (Cause.NOTICE,), (Cause.NEEDS_CHECK,)]
    banner.drop_cause(Cause.NOTICE)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (BannerWords("A {fact} of **two**.", "100 % {rest}", "", "info"), "A {fact} of **two**. 100 % {rest}"),
        (BannerWords("", "Only this.", "Close", "info"), "Only this."),
        (BannerWords("Only that.", "", "Close", "info"), "Only that."),
    ],
)
def test_words_are_shown_as_they_are(qtbot: QtBot, given: BannerWords, text: str) -> None:
    banner, _window = staged(qtbot, 900)
    banner.show_cause(Cause.NOTICE, given)
    assert said(banner) == text
    assert part(banner, QAbstractButton, "statusBannerButton").isVisible() is bool(given.button)


def test_new_words_of_the_same_cause_replace_the_old_ones(qtbot: QtBot) -> None:
    banner, _window = staged(qtbot, 900)
    banner.show_cause(Cause.NEEDS_CHECK, BannerWords("1 link.", "Rest.", "Show it", "info"))
    banner.show_cause(Cause.NEEDS_CHECK, BannerWords("2 links.", "Rest.", "Show it", "info"))
    assert said(banner) == "2 links. Rest."


@pytest.mark.parametrize("rtl", [False, True])
def test_a_narrow_banner_grows_and_cuts_nothing(qtbot: QtBot, rtl: bool) -> None:
    banner, window = staged(qtbot, 480)
    if rtl:
        window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    long = "Statuses may be out of date. Creating, cancelling and refunding are paused until it returns."
    banner.show_cause(Cause.OFFLINE, BannerWords("No connection since 14:35.", long, "Try now", "wifi-off", "In 5 s"))
    settle()
    text = part(banner, QLabel, "statusBannerText")
    assert text.height() >= text.heightForWidth(text.width())
    button = part(banner, QAbstractButton, "statusBannerButton")
    assert banner.rect().contains(button.geometry())
    bar = banner.grab().toImage().pixelColor(banner.width() - 2 if rtl else 2, banner.height() // 2)
    assert bar == QColor(LIGHT.warning)
