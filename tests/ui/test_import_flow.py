"""Setting up a till on the sign-in window: what is dropped, what is asked, what is saved, what the form holds then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QLabel, QLineEdit, QRadioButton

from optty_desktop.core.environments import Environment, EnvironmentKind, RouteTemplate
from optty_desktop.core.route_import import Difference, DifferenceKind, FoundCredentials, FoundRequest, RequestRole
from optty_desktop.till.import_routes import ImportRoutes
from optty_desktop.ui.entrance import sign_in_dialog
from optty_desktop.ui.import_flow import ImportFlow
from optty_desktop.ui.tasks import TaskRunner
from tests.fakes import TRAINING, FakeClock, FakeExports, FakeProfiles
from tests.flows.hands import click, drop, files, hold_over, is_shown, part, question, words, write
from tests.ui.stage import POPUP, focused_name, make_look
from tests.waiting import until

pytestmark = POPUP

SANDBOX = replace(
    TRAINING, id="sandbox", name="Sandbox", kind=EnvironmentKind.SANDBOX, cancel_or_refund=None,
    token_url="https://auth.qa.example/token", api_url="https://api.qa.example",
)  # fmt: skip
LIVE = replace(SANDBOX, id="live", name="Live", kind=EnvironmentKind.LIVE)
ROUTE = RouteTemplate("PUT", "/back/{invoiceNumber}", tried=False)
COLLECTION, SECRETS = Path("/shop/optty.json"), Path("/shop/shop-live.json")
ASKED_FOR = (
    "Nothing was read. Drop or choose one or two files of this computer: the Postman collection, "
    "and the environment if you have one"
)


def with_route(before: Environment) -> Environment:
    return replace(before, token_url="https://auth.shop.example/token", cancel_or_refund=ROUTE)


def two_that_fit() -> tuple[FoundRequest, ...]:
    role = RequestRole.CANCEL_OR_REFUND
    return tuple(FoundRequest(role, n, f"Refund {n}", "PUT", f"https://api.example/{n}") for n in (3, 4))


class Room:
    """The sign-in window with the import behind it."""

    def __init__(self, environment_id: str = "live") -> None:
        self.exports = FakeExports(with_route)
        self.exports.there = {SECRETS}
        self.profiles = FakeProfiles(SANDBOX, LIVE)
        self.problems: list[BaseException] = []
        self.tasks = TaskRunner(self.problems.append)
        look = make_look()
        self.dialog = sign_in_dialog(look, (SANDBOX, LIVE), environment_id)
        verb = ImportRoutes(self.exports, self.profiles, FakeClock())
        self.flow = ImportFlow(look, self.dialog, verb, self.tasks)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        self.dialog.show()
        self.dialog.activateWindow()
        await until(self.dialog.isActiveWindow)
        yield
        await self.tasks.close()
        self.dialog.close()
        self.dialog.deleteLater()
        assert self.problems == []

    def says(self, name: str) -> str:
        return words(self.dialog, name)

    def type_credentials(self) -> None:
        write(self.dialog, "clientIdEdit", "typed-id")
        write(self.dialog, "clientSecretEdit", "typed-secret")

    @property
    def typed(self) -> tuple[str, str]:
        return self.line("clientIdEdit").text(), self.line("clientSecretEdit").text()

    def line(self, name: str) -> QLineEdit:
        return part(self.dialog, QLineEdit, name)

    def drop(self) -> None:
        drop(self.dialog, files(COLLECTION, SECRETS))

    async def asked(self, kind: str = "import") -> QDialog:
        await until(lambda: question(kind))
        found = question(kind)
        assert found is not None
        return found

    async def idle(self) -> None:
        """Until nothing is read or asked any more."""
        await until(lambda: not self.flow._is_busy)

    async def answer(self, name: str, kind: str = "import") -> None:
        click(await self.asked(kind), name)
        await self.idle()

    async def imported(self) -> None:
        self.drop()
        await self.answer("confirmButton")


def lines(dialog: QDialog, name: str) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel, name)]


# What may be dropped


async def test_two_files_dropped_anywhere_are_read_and_stay_where_they_are() -> None:
    room = Room()
    async with room.open():
        data = files(COLLECTION, SECRETS)
        for target in (room.dialog, room.line("clientIdEdit"), room.line("clientSecretEdit")):
            assert hold_over(target, data)
        assert room.dialog.import_area.findChildren(QLabel)
        assert drop(room.dialog, data).name == "CopyAction"
        await room.answer("keepButton")
        assert room.exports.reads[0][0] == (COLLECTION, SECRETS)
        assert room.typed == ("", "")


async def test_the_place_is_marked_while_files_are_held_over_the_window() -> None:
    room = Room()
    async with room.open():
        box = part(room.dialog, QAbstractButton, "importPostmanButton").parentWidget()
        assert box is not None
        before = box.grab().toImage()
        data = files(COLLECTION)
        hold_over(room.dialog, data)
        assert box.grab().toImage() != before
        drop(room.dialog, data)
        assert box.grab().toImage() == before
        await room.answer("keepButton")


def other_things() -> dict[str, QMimeData]:
    text, web, three = QMimeData(), QMimeData(), files(COLLECTION, SECRETS, Path("/shop/third.json"))
    text.setText("shop_live_4F81C2")
    web.setUrls([QUrl("https://evil.example/optty.json")])
    mixed = QMimeData()
    mixed.setUrls([QUrl.fromLocalFile(str(COLLECTION)), QUrl("https://evil.example/optty.json")])
    return {"text": text, "web": web, "three": three, "mixed": mixed}


@pytest.mark.parametrize("kind", ["text", "web", "three", "mixed"])
async def test_anything_else_is_refused_in_a_sentence(kind: str) -> None:
    room = Room()
    async with room.open():
        room.type_credentials()
        drop(room.dialog, other_things()[kind])
        assert room.says("loginErrorLabel") == ASKED_FOR
        assert room.exports.reads == []
        assert room.typed == ("typed-id", "typed-secret")


async def test_training_takes_no_files() -> None:
    room = Room("training")
    async with room.open():
        assert not is_shown(room.dialog, "importPostmanButton")
        assert not hold_over(room.dialog, files(COLLECTION))
        drop(room.dialog, files(COLLECTION))
        assert room.exports.reads == []
        assert room.says("loginErrorLabel") == ""


async def test_while_signing_in_nothing_is_taken() -> None:
    room = Room()
    async with room.open():
        room.dialog.set_busy(True)
        assert not hold_over(room.dialog, files(COLLECTION))
        drop(room.dialog, files(COLLECTION))
        assert room.exports.reads == []


async def test_files_can_be_chosen_instead(tmp_path: Path) -> None:
    path = tmp_path / "optty.json"
    path.write_text("{}", encoding="utf-8")
    room = Room()
    async with room.open():
        click(room.dialog, "importPostmanButton")
        await until(lambda: room.dialog.findChildren(QFileDialog, "importFileDialog"))
        chooser = room.dialog.findChildren(QFileDialog)[0]
        chooser.findChildren(QLineEdit, "fileNameEdit")[0].setText(str(path))
        chooser.accept()
        await room.answer("keepButton")
        assert room.exports.reads[0][0] == (path,)


# What is asked


async def test_everything_found_is_shown_before_it_is_used() -> None:
    room = Room()
    role = RequestRole.CREATE
    room.exports.more = {
        "missing": (RequestRole.CANCEL_OR_REFUND,),
        "differences": (
            Difference(role, DifferenceKind.HOST, "api.new.example", "api.optty.com"),
            Difference(role, DifferenceKind.MISSING_FIELD, "", "dueDate"),
        ),
        "unresolved": ("base_url",),
        "has_scripts": True,
    }
    async with room.open():
        room.drop()
        dialog = await room.asked()
        assert words(dialog, "confirmTitle") == "Use these addresses for Live?"
        assert words(dialog, "confirmText").startswith("This is Live:")
        assert lines(dialog, "importChange") == [
            "Token address: https://auth.qa.example/token → https://auth.shop.example/token",
            "Cancel or refund request: nothing until now → PUT /back/{invoiceNumber}",
        ]
        assert lines(dialog, "importCaution") == ["This route moves real money. Try it in Sandbox first."]
        assert lines(dialog, "importFound") == ["Token: POST https://auth.shop.example/token"]
        assert lines(dialog, "importMissing") == ["Cancel or refund: not in this file, stays as it is."]
        assert lines(dialog, "importOpen") == ["{{base_url}} has no value. The address it stands in stays as it is."]
        assert lines(dialog, "importDifference") == [
            "Create link: goes to api.new.example instead of api.optty.com.",
            "Create link: lacks the field dueDate, which this program sends.",
        ]
        assert lines(dialog, "importNote")[0] == "Scripts in the file are not run."
        await until(lambda: focused_name() == "keepButton")
        shown = " ".join(label.text() for label in dialog.findChildren(QLabel))
        assert "pretend-secret" not in shown
        await room.answer("keepButton")
        assert room.profiles.items == {"sandbox": SANDBOX, "live": LIVE}
        assert room.typed == ("", "")


@pytest.mark.parametrize("kind", list(DifferenceKind))
async def test_each_kind_of_difference_has_its_sentence(kind: DifferenceKind) -> None:
    room = Room()
    room.exports.more = {"differences": (Difference(RequestRole.TOKEN, kind, "{found}", "{documented}"),)}
    async with room.open():
        room.drop()
        (line,) = lines(await room.asked(), "importDifference")
        assert line.startswith("Token: ")
        assert ("{documented}" if kind is DifferenceKind.MISSING_FIELD else "{found}") in line
        await room.answer("keepButton")


async def test_which_request_is_meant_is_asked_first_and_nothing_is_preset() -> None:
    room = Room("sandbox")
    room.exports.candidates = two_that_fit()
    async with room.open():
        room.drop()
        dialog = await room.asked("importChoice")
        radios = dialog.findChildren(QRadioButton, "importCandidateRadio")
        assert [radio.text() for radio in radios] == ["3. Refund 3", "4. Refund 4"]
        assert [radio.accessibleDescription() for radio in radios][1] == "PUT https://api.example/4"
        assert not any(radio.isChecked() for radio in radios)
        assert not part(dialog, QAbstractButton, "confirmButton").isEnabled()
        radios[1].click()
        click(dialog, "confirmButton")
        assert lines(await room.asked(), "importFound")[-1] == "Cancel or refund: PUT https://api.example/4"
        await room.answer("confirmButton")
        assert room.profiles.items["sandbox"] == with_route(SANDBOX)


async def test_without_a_choice_nothing_changes() -> None:
    room = Room()
    room.exports.candidates = two_that_fit()
    async with room.open():
        room.drop()
        await room.answer("keepButton", "importChoice")
        assert question("import") is None
        assert room.profiles.items["live"] == LIVE


# What is so afterwards


async def test_after_the_import_only_sign_in_is_left_to_press() -> None:
    room = Room()
    async with room.open():
        await room.imported()
        assert room.profiles.items == {"sandbox": SANDBOX, "live": with_route(LIVE)}
        assert room.typed == ("shop_live_4F81C2", "pretend-secret")
        assert room.line("clientSecretEdit").echoMode() is QLineEdit.EchoMode.Password
        assert room.dialog.environment_id == "live"
        assert focused_name() == "signInButton"
        assert room.says("importResultLabel") == (
            "Found the client ID and secret in “optty.json”. Check the ID, then sign in."
        )


async def test_what_has_the_keyboard_stays_in_a_small_window() -> None:
    room = Room()
    async with room.open():
        room.dialog.resize(960, 600)
        await room.imported()
        button = part(room.dialog, QAbstractButton, "signInButton")

        def is_whole() -> bool:
            return button.visibleRegion().boundingRect() == button.rect()

        await until(is_whole)
        assert focused_name() == "signInButton"


async def test_a_profile_that_works_this_way_already_only_fills_the_form() -> None:
    room = Room()
    room.exports.change = lambda before: before
    async with room.open():
        room.drop()
        await until(lambda: room.typed == ("shop_live_4F81C2", "pretend-secret"))
        await room.idle()
        assert question("import") is None


@pytest.mark.parametrize(
    ("found", "result", "focused"),
    [
        (FoundCredentials("shop", ""), "Found the client ID in “optty.json”. Type the secret", "clientSecretEdit"),
        (FoundCredentials("", "hidden"), "Found the client secret in “optty.json”. Type the ID", "clientIdEdit"),
        (FoundCredentials(), "Live uses the addresses of “optty.json”. It holds no client ID", "clientIdEdit"),
    ],
)
async def test_what_was_not_found_is_typed(found: FoundCredentials, result: str, focused: str) -> None:
    room = Room()
    room.exports.credentials = found
    async with room.open():
        await room.imported()
        assert room.says("importResultLabel").startswith(result)
        assert focused_name() == focused


async def test_what_was_typed_stays_where_nothing_was_found() -> None:
    room = Room()
    room.exports.credentials = FoundCredentials()
    async with room.open():
        room.type_credentials()
        await room.imported()
        assert room.typed == ("typed-id", "typed-secret")


async def test_what_was_found_is_not_carried_to_another_environment() -> None:
    room = Room()
    async with room.open():
        await room.imported()
        room.dialog.select_environment("sandbox")
        assert room.typed == ("", "")
        assert room.says("importResultLabel") == ""


# What goes wrong


async def test_files_that_cannot_be_used_change_nothing() -> None:
    room = Room()
    room.exports.problem = "optty.json is not UTF-8 text."
    async with room.open():
        room.type_credentials()
        room.drop()
        await until(lambda: room.says("loginErrorLabel"))
        assert room.says("loginErrorLabel") == (
            "Nothing was changed. Choose another file, or export it from Postman once more: "
            "optty.json is not UTF-8 text"
        )
        assert room.typed == ("typed-id", "typed-secret")
        assert room.says("signInButton") == "Sign in to Live"
        room.exports.problem = ""
        await room.idle()
        await room.imported()
        assert room.says("loginErrorLabel") == ""


async def test_a_profile_that_cannot_be_written_keeps_the_question() -> None:
    room = Room()
    room.profiles.is_read_only = True
    async with room.open():
        room.drop()
        dialog = await room.asked()
        click(dialog, "confirmButton")
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError").startswith("Nothing was saved, and what you typed is still here:")
        assert room.typed == ("", "")
        room.profiles.is_read_only = False
        await room.answer("confirmButton")
        assert room.typed == ("shop_live_4F81C2", "pretend-secret")


async def test_a_window_that_goes_takes_its_question_along() -> None:
    room = Room()
    async with room.open():
        room.drop()
        await room.asked()
        room.tasks.end(room.dialog)
        await room.idle()
        assert question("import") is None
        assert room.profiles.items["live"] == LIVE


# The files with the secret


async def test_only_the_file_with_the_secret_is_deleted_and_only_after_a_question() -> None:
    room = Room()
    room.exports.there = {SECRETS, Path("/shop/other.json")}
    async with room.open():
        await room.imported()
        assert room.says("importSecretLabel") == "The file holds your secret. Delete it when you are signed in."
        click(room.dialog, "deleteImportButton")
        dialog = await room.asked("deleteImport")
        assert words(dialog, "confirmTitle") == "Delete shop-live.json?"
        assert focused_name() == "keepButton"
        await room.answer("keepButton", "deleteImport")
        assert SECRETS in room.exports.there
        click(room.dialog, "deleteImportButton")
        await room.answer("confirmButton", "deleteImport")
        assert room.exports.there == {Path("/shop/other.json")}
        assert room.says("importResultLabel") == "Deleted: shop-live.json"
        assert not is_shown(room.dialog, "deleteImportButton")
        assert room.typed == ("shop_live_4F81C2", "pretend-secret")


async def test_two_files_with_the_secret_go_together() -> None:
    room = Room()
    room.exports.there = {COLLECTION, SECRETS}
    async with room.open():
        await room.imported()
        assert room.says("deleteImportButton") == "Delete the files…"
        click(room.dialog, "deleteImportButton")
        assert words(await room.asked("deleteImport"), "confirmTitle") == "Delete optty.json and shop-live.json?"
        await room.answer("confirmButton", "deleteImport")
        assert room.exports.there == set()


async def test_a_file_that_stays_is_said_and_can_be_tried_again() -> None:
    room = Room()
    room.exports.kept = {SECRETS}
    async with room.open():
        await room.imported()
        click(room.dialog, "deleteImportButton")
        dialog = await room.asked("deleteImport")
        click(dialog, "confirmButton")
        await until(lambda: words(dialog, "confirmError"))
        assert words(dialog, "confirmError").startswith("shop-live.json is still there:")
        room.exports.kept = set()
        await room.answer("confirmButton", "deleteImport")
        assert room.exports.there == set()


async def test_without_a_secret_no_file_is_offered_for_deletion() -> None:
    room = Room()
    room.exports.credentials = FoundCredentials("shop", "")
    async with room.open():
        await room.imported()
        assert not is_shown(room.dialog, "deleteImportButton")


async def test_the_secret_is_in_no_window_but_its_own_line() -> None:
    room = Room()
    async with room.open():
        await room.imported()
        texts = [label.text() for window in QApplication.topLevelWidgets() for label in window.findChildren(QLabel)]
        assert not any("pretend-secret" in text for text in texts)
