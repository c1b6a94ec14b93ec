"""Strong words without markup, lines of an even height."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from optty_desktop.ui.passage import Passage
from optty_desktop.ui.tokens import Type
from tests.ui.money_links import dressed

LONG = "The customer can no longer use this link. " * 6


def test_strong_marks_are_taken_out_of_the_text(qapp: QApplication) -> None:
    passage = Passage(dressed(qapp), Type.BODY)
    passage.say("Pay **{amount}** now", amount="USD 1.00")
    assert passage.text() == "Pay USD 1.00 now"
    assert passage.textFormat() is Qt.TextFormat.PlainText


def test_values_cannot_make_words_strong_or_break_the_sentence(qapp: QApplication) -> None:
    look = dressed(qapp)
    passage, plain = Passage(look, Type.BODY), Passage(look, Type.BODY)
    passage.say("For {who} now", who="**{x}** <b>")
    plain.setText("For **{x}** <b> now")
    assert passage.text() == plain.text()
    assert passage.sizeHint() == plain.sizeHint()


def test_a_sentence_without_places_may_hold_braces(qapp: QApplication) -> None:
    passage = Passage(dressed(qapp), Type.BODY)
    passage.say("The service said {reason} {")
    assert passage.text() == "The service said {reason} {"


def test_strong_words_take_more_room(qapp: QApplication) -> None:
    look = dressed(qapp)
    strong, plain = Passage(look, Type.BODY), Passage(look, Type.BODY)
    strong.say("**Sends the money back**")
    plain.setText("Sends the money back")
    assert strong.sizeHint().width() > plain.sizeHint().width()


def test_it_wraps_into_even_lines_and_never_needs_less_room_when_narrower(qapp: QApplication) -> None:
    passage = Passage(dressed(qapp), Type.BODY, line=20)
    passage.setText(LONG)
    heights = [passage.heightForWidth(width) for width in (2000, 600, 300, 120, 40)]
    assert heights == sorted(heights)
    assert all(height % 20 == 0 for height in heights)
    passage.setContentsMargins(0, 3, 0, 2)
    assert passage.heightForWidth(600) == heights[1] + 5


def test_other_words_another_font_and_another_role_take_other_room(qapp: QApplication) -> None:
    look = dressed(qapp)
    passage = Passage(look, Type.BODY, line=20)
    passage.setText(LONG)
    whole = passage.heightForWidth(300)
    passage.setText(LONG * 2)
    assert passage.heightForWidth(300) > whole
    passage.say(LONG)
    assert passage.heightForWidth(300) == whole
    passage.clear()
    assert passage.heightForWidth(300) == 20
    passage.setText(LONG)
    passage.setFont(look.font(Type.DISPLAY))
    assert passage.heightForWidth(300) > whole
    passage.set_role(Type.BODY)
    assert passage.heightForWidth(300) == whole


def test_a_long_word_breaks_instead_of_being_cut(qapp: QApplication) -> None:
    passage = Passage(dressed(qapp), Type.BODY, line=20)
    passage.setText("x" * 200)
    assert passage.heightForWidth(300) > 20
