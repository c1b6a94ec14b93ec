"""The support file and everything else the program leaves behind: nothing secret and nothing of a customer in it."""

from __future__ import annotations

import base64
import logging
import re
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from urllib.parse import quote

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog
from shiboken6 import isValid

from optty_desktop.api.gateway import HttpGateway
from optty_desktop.cli import main
from optty_desktop.core.links import LinkState
from optty_desktop.system.logs import LOG_NAME, catch_what_nobody_caught
from optty_desktop.system.paths import AppPaths
from optty_desktop.training.faults import Fault, Kind
from optty_desktop.ui.support_dialog import SupportDialog
from tests.flows.counter import Counter
from tests.flows.hands import click, part, top_level, write
from tests.promises import Promise
from tests.waiting import until

TYPED = {
    "e-mail": "canary.mail@example.com",
    "phone": "2025550147",
    "reference": "CANARY-REFERENCE",
    "description": "CANARY-DESCRIPTION",
    "item": "CANARY-ITEM",
    "reason": "CANARY-REASON",
    "wrong secret": "CANARY-WRONG-SECRET",
    "text of the service": "CANARY-OF-THE-SERVICE",
    "text of a failure": "CANARY-OF-A-FAILURE",
}


@pytest.fixture(autouse=True)
def everything_is_logged(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every library writes all it can say into the home of the test, and temporary files lie there too."""
    (home / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(home / "temporary"))
    root, own = logging.getLogger(), logging.getLogger("optty_desktop")
    levels = root.level, own.level
    handler = logging.FileHandler(home / "everything.log", encoding="utf-8")
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield
    root.removeHandler(handler)
    handler.close()
    root.setLevel(levels[0])
    own.setLevel(levels[1])


def forms(text: str) -> Iterable[bytes]:
    """How a text may stand in a file."""
    plain = text.encode()
    return {plain, text.encode("utf-16-le"), base64.b64encode(plain), quote(text).encode(), plain.hex().encode()}


def leaks(canaries: Mapping[str, str], home: Path, said: Mapping[str, str]) -> list[str]:
    """Which canary stands where: in a file outside the record itself, in the name of one, or in what was said."""
    record = AppPaths.of_this_person().journal_folder
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and record not in path.parents}
    places = {str(path.relative_to(home)): content + str(path).encode() for path, content in files.items()}
    places |= {name: text.encode() for name, text in said.items()}
    return [
        f"{canary} in {place}"
        for canary, text in canaries.items()
        for place, content in places.items()
        if any(form in content for form in forms(text))
    ]


def secrets_of(counter: Counter) -> dict[str, str]:
    """What the program holds in memory now and must keep there."""
    gateway = counter.desk._verbs.result().session.gateway
    assert isinstance(gateway, HttpGateway)
    tokens = [slot.token for slot in gateway._tokens._slots.values() if slot.token]
    assert tokens
    found = {f"token {number}": token for number, token in enumerate(tokens)}
    found |= {f"link {number}": link.url for number, link in enumerate(counter.links) if link.url}
    # The path is the secret of an address: whoever has it sees the customer's order.
    found = {name: text.rpartition("/")[2] for name, text in found.items()}
    return found | {"secret": counter.service.server.client_secret}


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def log_at_debug(logs: Path) -> None:
    """Let the program's own log tell all it can, once it is the log of this day and not of one before."""
    own, file = logging.getLogger("optty_desktop"), str(logs / LOG_NAME)
    await until(lambda: any(isinstance(one, RotatingFileHandler) and one.baseFilename == file for one in own.handlers))
    own.setLevel(logging.DEBUG)


async def bad_day(counter: Counter) -> dict[str, str]:
    """Everything a till does, with everything going wrong once; returns the canaries that were not typed."""
    faults = counter.service.faults
    counter.type_credentials(secret=TYPED["wrong secret"])
    await counter.sign_in_refused()
    faults.add("token", Fault("status", status=418, message=TYPED["text of the service"]))
    counter.type_credentials()
    await counter.sign_in_refused()
    await counter.sign_in()
    known = secrets_of(counter)
    faults.add("create", Fault("status", status=422, message=TYPED["text of the service"]))
    fill(counter)
    counter.click("createLinkButton")
    await until(lambda: counter.says("formErrorLabel"))
    counter.click("createLinkButton")
    await until(lambda: counter.links and counter.links[-1].state is LinkState.PENDING)
    number = counter.links[-1].invoice_number
    known |= secrets_of(counter)
    await reads_that_fail(counter)
    counter.service.customer.pay(number)
    await counter.refresh()
    await counter.becomes(number, LinkState.PAID)
    await refund_without_answer(counter, number)
    await unexpected_failure(counter)
    return known | secrets_of(counter)


def fill(counter: Counter) -> None:
    """The form, with a canary in every line."""
    counter.fill(
        emailEdit=TYPED["e-mail"],
        phoneEdit=f"+1{TYPED['phone']}",
        descriptionEdit=TYPED["description"],
        reference=TYPED["reference"],
    )
    counter.click("extrasToggle")
    counter.click("addLineItemButton")
    counter.write("itemNameEdit1", TYPED["item"])
    counter.write("itemPriceEdit1", "182.75")


async def reads_that_fail(counter: Counter) -> None:
    """Statuses are asked for over a line that breaks in every way."""
    kinds: tuple[Kind, ...] = ("captive_portal", "drop_before", "cut_json", "status")
    for kind in kinds:
        counter.hours.pass_by(5)
        counter.service.faults.add("order", Fault(kind, status=503, message=TYPED["text of the service"]))
        counter.key(Qt.Key.Key_F5)
        await until(lambda: counter.banner)
        counter.hours.pass_by(5)
        counter.click("statusBannerButton")
        await until(lambda: not counter.banner)
    counter.hours.pass_by(5)


async def refund_without_answer(counter: Counter, number: str) -> None:
    dialog = await counter.ask_to_refund(number)
    reason = part(dialog, QComboBox, "refundReasonCombo")
    reason.setCurrentIndex(reason.count() - 1)
    write(dialog, "refundNoteEdit", TYPED["reason"])
    counter.service.faults.add("cancel_or_refund", Fault("drop_after"))
    button = part(dialog, QAbstractButton, "confirmButton")
    button.setFocus()
    counter.hold(dialog)
    await until(counter.doubt)
    counter.click("checkButton")
    await counter.becomes(number, LinkState.REFUNDED)


async def unexpected_failure(counter: Counter) -> None:
    """A task fails with a customer in its message, and so does something that no task holds."""

    async def fail() -> None:
        raise LookupError(TYPED["text of a failure"])

    counter.shop.tasks.start(fail(), name="fail")
    await until(lambda: counter.unexpected)
    hooks = sys.excepthook, threading.excepthook
    catch_what_nobody_caught()
    error = ValueError(TYPED["text of a failure"])
    sys.excepthook(type(error), error, None)
    sys.excepthook, threading.excepthook = hooks
    assert [one.partition(" at ")[0] for one in counter.unexpected] == [
        "unexpected: LookupError", "unexpected: ValueError"
    ]  # fmt: skip
    counter.unexpected.clear()


async def support_file(counter: Counter, path: Path) -> str:
    """Choose it from the menu, save it, copy it, close it; returns what was shown."""
    (action,) = counter.desk.window.header.findChildren(QAction, "supportFileAction")
    action.trigger()
    dialog = top_level("supportDialog")
    assert isinstance(dialog, SupportDialog)
    await until(lambda: dialog.report)
    shown = dialog.report
    click(dialog, "supportSaveButton")
    (places,) = dialog.findChildren(QFileDialog, "saveSupportFileDialog")
    places.fileSelected.emit(str(path))
    places.reject()
    await until(path.exists)
    click(dialog, "supportCopyButton")
    assert QGuiApplication.clipboard().text() == shown == written(path)
    click(dialog, "supportCloseButton")
    await until(lambda: not isValid(dialog))
    return shown


@pytest.mark.limit(60)
async def test_K4_nothing_secret_and_nothing_of_a_customer_is_left_outside_the_record(
    counter: Counter, home: Path, promise: Promise, capfd: pytest.CaptureFixture[str]
) -> None:
    async with counter:
        await log_at_debug(counter.paths.logs)
        canaries = TYPED | await bad_day(counter)
        shown = await support_file(counter, home / "support.txt")
    assert main(["diagnose"]) == 0
    out, err = capfd.readouterr()
    found = leaks(canaries, home, {"window": shown, "output": out, "errors": err})
    promise("K4", len(canaries), found, 0.0)
    record = b"".join(path.read_bytes() for path in counter.paths.journal_folder.glob("*.journal"))
    kept = [name for name, text in TYPED.items() if text.encode() in record]
    assert {"e-mail", "phone", "reference", "description", "item"} <= set(kept), "the day has left its traces"
    assert "status 201" in written(counter.paths.logs / LOG_NAME)
    for text in (shown, out):
        assert "POST 127.0.0.1/custom/hpp: answered, status 422" in text
        assert "outcome unknown: cut" in text
        assert "LookupError at test_support_file.py" in text
        assert "ValueError at unknown place" in text
        assert "  Links: 1 refunded\n" in text
        assert "  Operations: 1 create done, 1 create refused, 1 refund settled\n" in text
        assert re.search(r"Clock: 4[67] s ahead of the clock of 127[.]0[.]0[.]1 at ", text), "the hours that passed"


@pytest.mark.parametrize("canary", ["secret", "token 0"])
async def test_K4_a_leak_on_purpose_is_found(counter: Counter, home: Path, canary: str) -> None:
    async with counter:
        await log_at_debug(counter.paths.logs)
        await counter.sign_in()
        known = secrets_of(counter)
        assert leaks(known, home, {}) == []
        logging.getLogger("optty_desktop.till").debug("signed in with %s", known[canary])
        shown = await support_file(counter, home / "support.txt")
    log = (counter.paths.logs / LOG_NAME).relative_to(home)
    assert sorted(leaks(known, home, {})) == sorted([f"{canary} in {log}", f"{canary} in everything.log"])
    assert leaks(known, home / "temporary", {"window": shown}) == [], "the report takes nothing else from the log"


@pytest.mark.parametrize("form", [str, quote, lambda text: base64.b64encode(text.encode()).decode()])
def test_K4_the_search_sees_a_canary_in_other_clothes(home: Path, form: type[str]) -> None:
    for name, text in TYPED.items():
        assert leaks({name: text}, home, {"said": f"before {form(text)} after"}) == [f"{name} in said"]
