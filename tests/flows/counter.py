"""The counter of a shop: the whole program in a home of its own, signed in to the pretend Optty over real HTTP.

Leaving it closes the window in order and checks what must hold after every day: nothing unexpected happened, no task is
left, no window stands, and the record is complete on disk and free for others.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QLineEdit, QWidget
from shiboken6 import isValid

from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.news import News
from optty_desktop.hints.webhook_site import HOST
from optty_desktop.live_news import LivePairings
from optty_desktop.shop import Shop
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.preferences import Preferences
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.till.sounds import Sounds
from optty_desktop.ui.desk import Desk
from optty_desktop.ui.link_columns import Column
from optty_desktop.ui.links_model import NUMBER_ROLE
from optty_desktop.ui.notice import Notice
from optty_desktop.ui.theme import Look
from optty_desktop.ui.timeline_view import TimelineView
from optty_desktop.ui.voice import Voice
from tests.fakes import FakeNotifier, FakePlayer
from tests.flows.hands import CTRL, click, is_shown, open_windows, part, question, top_level, words, write
from tests.flows.hours import Hours
from tests.flows.service import Service
from tests.waiting import until

ROUTE = "/training/links/{invoiceNumber}/cancel-or-refund"
TILL = 'shop = "Corner Store"\nname = "Till 2"\noperator = "Sara"\nwarn_above = "1000.00"\n'
HOLD_SECONDS = 1.6


class Counter:
    """The program and the person before it. ``service`` answers it; ``hours`` is the time everybody lives in.

    ``webhook_site`` is the address in the profile, and where that service stands in this test.
    """

    def __init__(
        self,
        look: Look,
        service: Service,
        hours: Hours,
        *,
        route: str | None = ROUTE,
        token_url: str | None = None,
        till: str = TILL,
        pairings: LivePairings | None = None,
        webhook_site: tuple[str, str] | None = None,
    ) -> None:
        self.service, self.hours, self.pairings = service, hours, pairings
        self.paths = AppPaths.of_this_person()
        address, host = webhook_site or (None, HOST)
        self._webhook_site: str = host
        write_profile(self.paths, service.url, route=route, token_url=token_url, webhook_site=address)
        (self.paths.config / "till.toml").write_text(till, encoding="utf-8")
        private_folder(self.paths.data)
        self._look = look
        self._log = _Overheard()
        self.player, self.notifier = FakePlayer(), FakeNotifier()
        self.stop = asyncio.Event()
        self.code: int | None = None

    # The day

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
        if kind is None:
            self.check_the_end()

    async def open(self, environment_id: str | None = "sandbox") -> None:
        """Start the program, as far as the sign-in window; ``environment_id`` is what its command asks for."""
        logger = logging.getLogger("optty_desktop")
        self._handlers = list(logger.handlers)
        logger.addHandler(self._log)
        self.instance = SingleInstance(self.paths.data)
        assert self.instance.take()
        self.stop = asyncio.Event()
        self.shop = Shop(
            self._look,
            self.paths,
            self.hours,
            secrets.token_bytes,
            random.SystemRandom().uniform,
            customer_by_hand=True,
            voice=Voice(Sounds(self.player, Preferences(self.paths.preferences_file)), self.notifier),
            pairings=self.pairings,
            webhook_site=self._webhook_site,
        )
        day = self.shop.run(self.stop, self.instance, environment_id=environment_id)
        self.running = asyncio.create_task(day)
        await until(lambda: top_level("loginDialog"))

    async def close(self) -> None:
        """Stop the program as a signal does, and let go of what it held."""
        self.stop.set()
        self.code = await self.running
        self.let_go()

    def let_go(self) -> None:
        """What the process itself would do at its end."""
        self.instance.release()
        logger = logging.getLogger("optty_desktop")
        for handler in [one for one in logger.handlers if one not in self._handlers]:
            logger.removeHandler(handler)
            handler.close()

    def check_the_end(self) -> None:
        """What holds after every day."""
        assert self.code == 0
        assert self._log.unexpected == []
        assert open_windows() == []
        left = {task.get_name() for task in asyncio.all_tasks() if not task.done()} - {_own_task()}
        assert left == set()
        for journal in self.paths.journal_folder.glob("*.journal"):
            if journal.is_file() and ".damaged-" not in journal.name:
                _check_closed(journal)

    @property
    def unexpected(self) -> list[str]:
        """What the program reported as unexpected so far."""
        return self._log.unexpected

    # Signing in

    @property
    def dialog(self) -> QWidget:
        """The sign-in window."""
        dialog = top_level("loginDialog")
        assert dialog is not None
        return dialog

    def type_credentials(self, client_id: str | None = None, secret: str | None = None) -> None:
        """Type ID and secret; without arguments those the service accepts."""
        write(self.dialog, "clientIdEdit", client_id or self.service.server.client_id)
        write(self.dialog, "clientSecretEdit", secret or self.service.server.client_secret)

    async def sign_in(self) -> None:
        """Type what is accepted, press the button, and wait until the window works."""
        self.type_credentials()
        click(self.dialog, "signInButton")
        await until(lambda: self.shop.desk)
        await until(lambda: self.desk._verbs.done())

    async def sign_in_refused(self) -> str:
        """Press the button and return the sentence that says why it did not work."""
        click(self.dialog, "signInButton")
        await until(lambda: words(self.dialog, "loginErrorLabel"))
        return words(self.dialog, "loginErrorLabel")

    # At the window

    @property
    def desk(self) -> Desk:
        """The desk of the session."""
        assert self.shop.desk is not None
        return self.shop.desk

    @property
    def window(self) -> QWidget:
        """The main window."""
        return self.desk.window

    def says(self, name: str) -> str:
        """The words of a part of the window; empty while it is not shown."""
        return words(self.window, name)

    def is_on(self, name: str) -> bool:
        """Whether a shown button can be pressed."""
        return part(self.window, QAbstractButton, name).isEnabled()

    def sees(self, name: str) -> bool:
        """Whether a part of the window is shown."""
        return is_shown(self.window, name)

    def click(self, name: str) -> None:
        """Press a button of the window."""
        click(self.window, name)

    def write(self, name: str, text: str) -> None:
        """Type into a line of the window."""
        write(self.window, name, text)

    def typed(self, name: str) -> str:
        """What stands in a line of the window."""
        return part(self.window, QLineEdit, name).text()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        focused: QWidget | None = self.window.focusWidget()
        QTest.keyClick(self.window if focused is None else focused, key, modifier)

    def focus(self) -> str:
        """The name of the part that has the keyboard."""
        focused: QWidget | None = self.window.focusWidget()
        return "" if focused is None else focused.objectName()

    @property
    def banner(self) -> str:
        """The whole sentence of the banner; empty without one."""
        banner = self.desk.window.banner
        return banner.accessibleName() if banner.isVisible() else ""

    @property
    def toast(self) -> str:
        """What the toast says; empty without one."""
        return self.says("toastText")

    @property
    def heard(self) -> list[News]:
        """The sounds so far, in their order."""
        return [news for news, _volume in self.player.heard]

    @property
    def links(self) -> list[PaymentLink]:
        """All links on the table's book, oldest first."""
        return list(self.desk.book)

    def link(self, number: str) -> PaymentLink:
        """One of them."""
        link = self.desk.book.find(number)
        assert link is not None
        return link

    def rows(self) -> list[str]:
        """The numbers of the rows shown, from top to bottom."""
        model = self.desk.page.links.model
        return [model.index(row, 0).data(NUMBER_ROLE) for row in range(model.rowCount())]

    def row_says(self, number: str, column: Column = Column.STATUS) -> str:
        """What a cell of the table says."""
        model = self.desk.page.links.model
        row = model.row_of(number)
        assert row is not None
        return str(model.index(row, column).data())

    def doubt(self) -> str:
        """All words of the card in the detail pane that says what is not known; empty without one."""
        return part(self.window, Notice, "detailNotice").text() if self.sees("detailNotice") else ""

    def history(self) -> list[str]:
        """The sentences of the timeline, newest first."""
        return part(self.window, TimelineView, "timelineView").sentences()

    # Jobs of the day

    def fill(self, amount: str = "182.75", reference: str = "Order 1054", **more: str) -> None:
        """Fill the form as for an order on the phone."""
        lines = {"amountEdit": amount, "emailEdit": "guest54@example.com", "phoneEdit": "+1 202 555 0154"}
        lines |= {"descriptionEdit": "Two boxed gift sets, delivery", "referenceEdit": reference} | more
        for name, text in lines.items():
            self.write(name, text)

    def is_filled(self, amount: str = "182.75", reference: str = "Order 1054") -> bool:
        """Whether the form still holds everything that `fill` typed."""
        texts = [self.typed(f"{name}Edit") for name in ("amount", "email", "phone", "description", "reference")]
        phone = texts[2].replace(" ", "")
        return [*texts[:2], phone, *texts[3:]] == [
            amount, "guest54@example.com", "+12025550154", "Two boxed gift sets, delivery", reference,
        ]  # fmt: skip

    async def create(self, amount: str = "182.75", reference: str = "Order 1054") -> str:
        """Make a link in the usual way; returns its number."""
        known = len(self.links)
        self.key(Qt.Key.Key_N, CTRL)
        self.fill(amount, reference)
        self.key(Qt.Key.Key_Return, CTRL)
        await until(lambda: len(self.links) > known)
        number = self.links[-1].invoice_number
        assert self.link(number).state is LinkState.PENDING
        return number

    async def show(self, number: str) -> None:
        """Open the detail of a link with Enter in the table."""
        assert self.desk.page.links.select(number)
        table = self.desk.page.links.table
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Return)
        await until(lambda: self.sees("detailPane"))

    async def refresh(self) -> None:
        """Press F5 and wait for the reads."""
        before = len(self.service.reads())
        self.key(Qt.Key.Key_F5)
        await until(lambda: len(self.service.reads()) > before)

    async def becomes(self, number: str, state: LinkState) -> None:
        """Wait until the table shows the link in that state."""
        await until(lambda: self.link(number).state is state)

    async def paid(self, amount: str = "182.75", reference: str = "Order 1054") -> str:
        """A link that the customer has paid, on the table and in the detail pane; returns its number."""
        number = await self.create(amount, reference)
        self.service.customer.pay(number)
        await self.refresh()
        await self.becomes(number, LinkState.PAID)
        await self.show(number)
        return number

    async def asked(self, kind: str) -> QDialog:
        """Wait for the dialog of that kind."""
        dialog = await until(lambda: question(kind))
        assert dialog is not None
        return dialog

    async def answer(self, dialog: QDialog, name: str) -> None:
        """Press a button of a dialog and wait until the dialog is gone."""
        click(dialog, name)
        await self.gone(dialog)

    async def gone(self, dialog: QDialog) -> None:
        """Wait until a dialog has closed and its answer was taken."""
        await until(lambda: not isValid(dialog))

    async def ask_to_cancel(self, number: str) -> QDialog:
        """Open the question before a cancel."""
        await self.show(number)
        self.click("cancelButton")
        return await self.asked("cancel")

    async def ask_to_refund(self, number: str) -> QDialog:
        """Open the question before a refund, with a reason chosen."""
        await self.show(number)
        self.click("refundButton")
        dialog = await self.asked("refund")
        QTest.keyClick(part(dialog, QComboBox, "refundReasonCombo"), Qt.Key.Key_Down)
        return dialog

    def hold(self, dialog: QDialog) -> None:
        """Hold the button of a refund until it counts."""
        button = part(dialog, QAbstractButton, "confirmButton")
        QTest.mousePress(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
        self.hours.pass_by(HOLD_SECONDS)

    async def sign_out(self) -> None:
        """Leave by the staff menu, as far as the sign-in window."""
        self.desk.window.header.sign_out_requested.emit()
        dialog = await self.asked("signOut")
        click(dialog, "confirmButton")
        await until(lambda: top_level("loginDialog"))


class _Overheard(logging.Handler):
    """Keeps what the program reported as unexpected."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.unexpected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember one line."""
        self.unexpected.append(record.getMessage())


def write_profile(
    paths: AppPaths,
    url: str,
    *,
    route: str | None = ROUTE,
    token_url: str | None = None,
    webhook_site: str | None = None,
) -> None:
    """Write ``environments.toml`` with the Sandbox of the test."""
    paths.config.mkdir(parents=True, exist_ok=True)
    lines = [
        "[[environment]]",
        'id = "sandbox"',
        f'token_url = "{token_url or url + "/token"}"',
        f'api_url = "{url}"',
        'link_hosts = ["127.0.0.1"]',
    ]
    if webhook_site is not None:
        lines.append(f'webhook_site = "{webhook_site}"')
    if route is not None:
        lines += ["[environment.cancel_or_refund]", 'method = "POST"', f'path = "{route}"']
    paths.environments_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _own_task() -> str:
    task = asyncio.current_task()
    return task.get_name() if task is not None else ""


def _check_closed(journal: Path) -> None:
    assert not journal.with_name(journal.name + "-wal").exists()
    with closing(sqlite3.connect(journal, timeout=0)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
