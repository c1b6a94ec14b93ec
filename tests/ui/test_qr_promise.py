"""What the phone reads is exactly the link that stands beside the code, on every screen; or there is no code."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
import zxingcpp
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from optty_desktop.ui import qr_code
from optty_desktop.ui.qr_code import QrCode, QrProblem, make_qr
from optty_desktop.ui.qr_view import QrView
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import DARK, LIGHT, Theme
from tests.promises import Promise, Scaled
from tests.ui.stage import make_look, picture_of

SIZES = (1.0, 1.25, 1.5, 2.0)
"""Device pixels in one of the window's, as screens are set."""

SIDE = 640
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"


def links(number: int) -> list[str]:
    """Return addresses as the service makes them, each of another length and content."""
    chance = random.Random(20260321)  # noqa: S311  the same addresses in each run
    hosts = ("pay.optty.com", "upp.optty.com", "pay.corner-store.example")
    return [
        f"https://{chance.choice(hosts)}/l/{''.join(chance.choices(LETTERS, k=chance.randrange(4, 160)))}"
        f"{chance.choice(('', '/', '?x=1&y=%20'))}"
        for _ in range(number)
    ]


def read(image: QImage) -> bytes | None:
    """Return what a phone reads in a picture."""
    found = zxingcpp.read_barcode(image.convertToFormat(QImage.Format.Format_Grayscale8))
    return bytes(found.bytes) if found is not None else None


def new_view(qtbot: QtBot, look: Look) -> QrView:
    view = QrView(look, SIDE)
    qtbot.addWidget(view)
    view.show()
    return view


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: str(theme.name))
def test_H10_the_code_holds_exactly_the_shown_link(
    qtbot: QtBot, theme: Theme, promise: Promise, scaled: Scaled
) -> None:
    view, worst, failures = new_view(qtbot, make_look(theme)), 0.0, []
    urls = links(scaled(5, 1000))
    for url in urls:
        begun = time.monotonic()
        code = make_qr(url)
        view.set_code(code)
        for ratio in SIZES:
            seen = read(picture_of(view, ratio))
            if seen != url.encode() or code.text != url:
                failures.append(f"{url} at {ratio}: {seen!r}")
        worst = max(worst, time.monotonic() - begun)
    promise("H10", len(urls) * len(SIZES), failures, worst)


def changed(code: QrCode, url: str, chance: random.Random) -> QrCode:
    """Return a sound code that says ``url`` with one bit changed."""
    place, bit = chance.randrange(len("https://"), len(url)), 1 << chance.randrange(3)
    other = url[:place] + chr(ord(url[place]) ^ bit) + url[place + 1 :]
    return replace(qr_code._encoded(other, code.error_level), text=url)


def test_H10_one_bit_changed_before_drawing_is_stopped(
    monkeypatch: pytest.MonkeyPatch, promise: Promise, scaled: Scaled
) -> None:
    """The change keeps the code readable: nothing but reading it again can tell."""
    chance = random.Random(7)  # noqa: S311
    draw, worst, failures = qr_code.bitmap, 0.0, []
    urls = links(scaled(20, 1000))
    for url in urls:
        tampered = changed(make_qr(url), url, chance)
        monkeypatch.setattr(qr_code, "bitmap", lambda _code, scale, other=tampered: draw(other, scale))
        begun = time.monotonic()
        try:
            failures.append(f"{make_qr(url).text} was drawn")
        except QrProblem:
            worst = max(worst, time.monotonic() - begun)
        monkeypatch.setattr(qr_code, "bitmap", draw)
    promise("H10", len(urls), failures, worst)


def test_H10_modules_changed_at_will_never_say_something_else(promise: Promise, scaled: Scaled) -> None:
    """Error correction mends a few wrong modules; what it cannot mend is not read at all."""
    chance = random.Random(11)  # noqa: S311
    failures = []
    urls = links(scaled(20, 1000))
    begun = time.monotonic()
    for url in urls:
        code = make_qr(url)
        rows = [list(row) for row in code.rows]
        for _ in range(chance.choice((1, 1, 5, 40, 200))):
            x, y = chance.randrange(code.size), chance.randrange(code.size)
            rows[y][x] = not rows[y][x]
        spoiled = replace(code, rows=tuple(tuple(row) for row in rows))
        seen = qr_code.decoded(qr_code.bitmap(spoiled, 3), code.full_size * 3)
        if seen not in (url.encode(), None, b""):
            failures.append(f"{url}: {seen!r}")
    promise("H10", len(urls), failures, (time.monotonic() - begun) / len(urls))
