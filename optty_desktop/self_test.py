"""The program tests itself: the real window, driven by key and mouse through the main job in training.

One line a step, a picture of each screen, exit code 0 only if every step held. Runs where there is no display, and in
the frozen program. Everything it writes lies in a temporary folder, but for the pictures.
"""

import asyncio
import os
import random
import secrets
import sys
import tempfile
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QWidget

from optty_desktop.core.links import LinkState
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.loop import run_on_qt
from optty_desktop.shop import Shop
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.paths import AppPaths, private_folder
from optty_desktop.system.single_instance import SingleInstance
from optty_desktop.ui.desk import Desk
from optty_desktop.ui.theme import Look, dress
from optty_desktop.ui.tokens import LIGHT

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)

LIMIT_SECONDS = 20.0
_LOOK_EVERY = 0.02


class StepFailed(Exception):
    """A step did not hold; the text says which and why."""


def run_self_test(output: Path | None) -> int:
    """Run all steps; pictures go to ``output`` if given. Returns the exit code."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([sys.argv[0]])
    app.setQuitOnLastWindowClosed(False)
    tour = Tour(Pictures(output))
    with tempfile.TemporaryDirectory(prefix="optty-desktop-") as folder:
        try:
            run_on_qt(app, drive(dress(app, LIGHT), Path(folder), tour))
        except StepFailed as failure:
            sys.stderr.write(f"self-test: {failure}\n")
            return 1
    sys.stdout.write(f"self-test: {tour.count} steps held\n")
    return 0


async def drive(look: Look, folder: Path, tour: "Tour") -> int:
    """Run the program in ``folder`` and walk through it; it is closed in order whatever happens."""
    paths = AppPaths.below(folder)
    private_folder(paths.data)
    instance = SingleInstance(paths.data)
    if not instance.take():
        raise StepFailed("the folder is in use")
    stop = asyncio.Event()
    uniform, light = random.SystemRandom().uniform, ThemeChoice.LIGHT
    shop = Shop(look, paths, SystemClock(), secrets.token_bytes, uniform, theme=light, customer_by_hand=True)
    running = asyncio.create_task(shop.run(stop, instance, environment_id=None))
    try:
        await tour.walk(shop)
    finally:
        stop.set()
        code = await running
        instance.release()
    return code


class Pictures:
    """Numbered pictures of the screens, in the order they were seen."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._count = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, widget: QWidget, name: str) -> None:
        """Save what ``widget`` looks like now."""
        self._count += 1
        if self._folder is not None:
            # A paint of the window waits for layouts that are due; a picture would not.
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            widget.grab().save(str(self._folder / f"{self._count:02d}-{name}.png"))


class Tour:
    """The steps, in the words of the shop."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self.count = 0

    async def walk(self, shop: Shop) -> None:
        """All steps in order. Raises StepFailed at the first that does not hold."""
        till = await self._step("sign in to training", self._sign_in(shop))
        first = await self._step("create a link for USD 182.75", self._create(till, "182.75", "Order 1054"))
        url = await self._step("read the code from the screen", self._read_code(till))
        await self._step("the customer pays: Paid", self._customer_pays(till, first, url))
        await self._step("refund it by holding the button: Refunded", self._refund(till, first))
        second = await self._step("create another link", self._create(till, "64", "Order 1055"))
        await self._step("cancel it: Cancelled", self._cancel(till, second))
        await self._step("find a link by its amount", self._search(till))
        await self._step("leave training", self._leave(shop, till))

    async def _step(self, name: str, work: Awaitable[T]) -> T:
        try:
            result = await work
        except (StepFailed, TimeoutError) as failure:
            for window in QApplication.topLevelWidgets():
                if window.isVisible():
                    self._pictures.take(window, f"failed-{window.objectName()}")
            raise StepFailed(f"{name}: {str(failure) or 'did not happen in time'}") from failure
        self.count += 1
        sys.stdout.write(f"ok  {name}\n")
        sys.stdout.flush()
        return result

    async def _sign_in(self, shop: Shop) -> "Till":
        dialog = await until(lambda: _window("loginDialog"))
        self._pictures.take(dialog, "sign-in")
        press(part(dialog, QAbstractButton, "trainingButton"))
        desk = await until(lambda: shop.desk)
        # Keys reach a window only once it has the keyboard, which nobody gives it where no desktop runs.
        desk.window.activateWindow()
        await until(desk.window.isActiveWindow)
        # The page comes behind the window.
        await until(desk.page.isVisible)
        till = Till(desk)
        self._pictures.take(desk.window, "empty")
        return till

    async def _create(self, till: "Till", amount: str, reference: str) -> str:
        known = len(till.desk.book)
        till.key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        till.write("amountEdit", amount)
        till.write("emailEdit", "guest54@example.com")
        till.write("phoneEdit", "+1 202 555 0154")
        till.write("descriptionEdit", "Two boxed gift sets, delivery")
        till.write("referenceEdit", reference)
        self._pictures.take(till.window, "form")
        till.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: len(till.desk.book) > known)
        link = till.desk.book[known]
        if link.state is not LinkState.PENDING:
            raise StepFailed(f"the new link is {link.state}")
        return link.invoice_number

    async def _read_code(self, till: "Till") -> str:
        await until(lambda: till.desk.page.ready.code)
        copy = till.part(QAbstractButton, "copyLinkButton")
        press(copy)
        copied = QGuiApplication.clipboard().text()
        view = till.part(QWidget, "qrCodeView")
        read = await until(lambda: _decoded(view))
        if read != copied:
            raise StepFailed("the code on the screen is not the link")
        self._pictures.take(till.window, "link-ready")
        return copied

    async def _customer_pays(self, till: "Till", number: str, url: str) -> None:
        await asyncio.to_thread(_post, f"{url}/pay")
        till.key(Qt.Key.Key_F5)
        await till.until_state(number, LinkState.PAID)
        self._pictures.take(till.window, "paid")

    async def _refund(self, till: "Till", number: str) -> None:
        await till.open_detail(number)
        self._pictures.take(till.window, "detail")
        press(till.part(QAbstractButton, "refundButton"))
        dialog = await until(lambda: _dialog("refund"))
        self._pictures.take(till.window, "refund-veil")
        self._pictures.take(dialog, "refund")
        QTest.keyClick(part(dialog, QComboBox, "refundReasonCombo"), Qt.Key.Key_Down)
        hold = part(dialog, QAbstractButton, "confirmButton")
        middle = hold.rect().center()
        QTest.mousePress(hold, Qt.MouseButton.LeftButton, pos=middle)
        await until(lambda: _dialog("refund") is None)
        await till.until_state(number, LinkState.REFUNDED)
        self._pictures.take(till.window, "refunded")

    async def _cancel(self, till: "Till", number: str) -> None:
        await till.open_detail(number)
        press(till.part(QAbstractButton, "cancelButton"))
        dialog = await until(lambda: _dialog("cancel"))
        self._pictures.take(dialog, "cancel")
        press(part(dialog, QAbstractButton, "confirmButton"))
        await till.until_state(number, LinkState.CANCELLED)
        self._pictures.take(till.window, "cancelled")

    async def _search(self, till: "Till") -> None:
        till.write("searchEdit", "182.75")
        model = till.desk.page.links.model
        await until(lambda: model.rowCount() == 1)
        self._pictures.take(till.window, "search")
        till.write("searchEdit", "")
        await until(lambda: model.rowCount() == 2)

    async def _leave(self, shop: Shop, till: "Till") -> None:
        press(till.part(QAbstractButton, "leaveTrainingButton"))
        dialog = await until(lambda: _dialog("leaveTraining"))
        self._pictures.take(dialog, "leave-training")
        press(part(dialog, QAbstractButton, "confirmButton"))
        await until(lambda: shop.desk is None and _window("loginDialog"))


class Till:
    """The window as a person has it: parts by name, keys, and the state of a link in the table."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.window = desk.window

    def part(self, kind: type[W], name: str) -> W:
        """The visible part of that name."""
        return part(self.window, kind, name)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the window."""
        focused: QWidget | None = self.window.focusWidget()
        QTest.keyClick(self.window if focused is None else focused, key, modifier)

    def write(self, name: str, text: str) -> None:
        """Type into a field, over what is there."""
        edit = self.part(QLineEdit, name)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClicks(edit, text)

    async def open_detail(self, number: str) -> None:
        """Select the row and open it with Enter."""
        links = self.desk.page.links
        if not links.select(number):
            # New rows wait while the pointer rests on the table, as it may on any display.
            press(self.part(QAbstractButton, "newRowsButton"))
            links.select(number)
        table = links.table
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_Return)
        await until(lambda: self.desk.page.detail.isVisible())

    async def until_state(self, number: str, state: LinkState) -> None:
        """Wait until the table shows the link in that state."""
        book = self.desk.book
        await until(lambda: (link := book.find(number)) is not None and link.state is state)


async def until(condition: Callable[[], T | None]) -> T:
    """The first true value of ``condition``. Raises TimeoutError after the limit."""
    async with asyncio.timeout(LIMIT_SECONDS):
        while not (value := condition()):  # noqa: ASYNC110  the screen has no event to wait for
            await asyncio.sleep(_LOOK_EVERY)
        return value


def part(parent: QWidget, kind: type[W], name: str) -> W:
    """A part of a window by its name. Raises StepFailed when it is not there."""
    found = [one for one in parent.findChildren(kind, name) if one.isVisibleTo(parent)]
    if not found:
        raise StepFailed(f"{name} is not on the screen")
    return found[0]


def press(button: QAbstractButton) -> None:
    """A click in the middle."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(button.width() // 2, button.height() // 2))


def _window(name: str) -> QWidget | None:
    tops = QApplication.topLevelWidgets()
    return next((one for one in tops if one.objectName() == name and one.isVisible()), None)


def _dialog(kind: str) -> QDialog | None:
    tops = QApplication.topLevelWidgets()
    dialogs = (one for one in tops if isinstance(one, QDialog) and one.isVisible())
    return next((one for one in dialogs if one.property("kind") == kind), None)


def _decoded(view: QWidget) -> str | None:
    """The text of the code as it is painted, read from the pixels."""
    import zxingcpp

    image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = memoryview(image.constBits()).cast("B", (image.height(), image.bytesPerLine()))
    result = zxingcpp.read_barcode(pixels)
    return None if result is None else str(result.text)


def _post(url: str) -> None:
    request = urllib.request.Request(url, method="POST", headers={"Accept": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  the address came from the code
        answer.read()
