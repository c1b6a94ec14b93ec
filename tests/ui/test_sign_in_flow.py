"""The sign-in window while its answers come late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from optty_desktop.core.environments import Credentials, Environment, EnvironmentKind
from optty_desktop.core.errors import AppError, NotSent, SignInRefused, Trouble
from optty_desktop.till.import_routes import ImportRoutes
from optty_desktop.till.rescue_record import RescueRecord
from optty_desktop.till.session import TillIdentity
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.rescue_flow import RescueFlow
from optty_desktop.ui.sign_in_flow import SignInFlow
from optty_desktop.ui.tasks import TaskRunner
from tests.fakes import TRAINING, FakeClock, FakeExports, FakeProfiles, FakeRescuer
from tests.ui.stage import make_look, part
from tests.waiting import until

LIVE = replace(TRAINING, id="live", name="Live", kind=EnvironmentKind.LIVE)
SANDBOX = replace(TRAINING, id="sandbox", name="Sandbox", kind=EnvironmentKind.SANDBOX)


class SlowDoor:
    """A keychain that answers when it is let, and a service that refuses with ``refusal``."""

    def __init__(self) -> None:
        self.kept: dict[str, Credentials] = {"live": Credentials("shop_live", "kept")}
        self.may_answer = asyncio.Event()
        self.answered: list[str] = []
        self.entered: list[Environment] = []
        self.refusal: AppError = SignInRefused(401)

    async def can_remember(self) -> bool:
        return True

    async def remembered(self, environment_id: str) -> Credentials | None:
        await self.may_answer.wait()
        self.answered.append(environment_id)
        return self.kept.get(environment_id)

    async def forget(self, environment_id: str) -> None:
        self.kept.pop(environment_id, None)

    async def sign_in(self, environment: Environment, *_: object, **__: object) -> None:
        self.entered.append(environment)
        raise self.refusal


class Room:
    """The flow with its window open."""

    def __init__(self) -> None:
        self.door = SlowDoor()
        self.problems: list[BaseException] = []
        self.tasks = TaskRunner(self.problems.append)
        environments = {one.id: one for one in (SANDBOX, LIVE)}
        identity = TillIdentity("Corner Store", "Till 2", "T2", "Sara")
        look = make_look()
        self.rescuer = FakeRescuer(date(2026, 3, 20))
        rescue = RescueFlow(look, RescueRecord(self.rescuer, FakeClock()), self.tasks)
        self.profiles = FakeProfiles(SANDBOX, LIVE)
        self.exports = FakeExports()
        imports = ImportRoutes(self.exports, self.profiles, FakeClock())
        self.flow = SignInFlow(
            look,
            self.door,  # type: ignore[arg-type]
            environments,
            identity,
            self.tasks,
            rescue,
            self.profiles,
            imports,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        asking = asyncio.ensure_future(self.flow.ask("live"))
        await until(lambda: self.flow.dialog is not None and self.flow.dialog.isVisible())
        yield
        self.flow.end()
        assert await asking is None
        await self.tasks.close()
        assert self.problems == []

    def line(self, name: str) -> QLineEdit:
        assert self.flow.dialog is not None
        return part(self.flow.dialog, QLineEdit, name)

    @property
    def typed(self) -> tuple[str, str]:
        return self.line("clientIdEdit").text(), self.line("clientSecretEdit").text()


async def test_what_was_remembered_fills_an_untouched_form() -> None:
    room = Room()
    async with room.open():
        assert room.typed == ("", "")
        room.door.may_answer.set()
        await until(lambda: room.typed == ("shop_live", ""))


@pytest.mark.parametrize("name", ["clientIdEdit", "clientSecretEdit"])
async def test_a_late_keychain_replaces_nothing_that_was_typed(name: str) -> None:
    room = Room()
    async with room.open():
        QTest.keyClicks(room.line(name), "other")
        before = room.typed
        room.door.may_answer.set()
        await until(lambda: room.door.answered == ["live"])
        await asyncio.sleep(0)
        assert room.typed == before


async def test_an_id_never_stays_when_the_environment_changes() -> None:
    room = Room()
    room.door.may_answer.set()
    async with room.open():
        assert room.flow.dialog is not None
        await until(lambda: room.typed == ("shop_live", ""))
        room.flow.dialog.select_environment("sandbox")
        assert room.typed == ("", "")
        await until(lambda: room.door.answered == ["live", "sandbox"])
        await asyncio.sleep(0)
        assert room.typed == ("", "")
        room.flow.dialog.select_environment("live")
        await until(lambda: room.typed == ("shop_live", ""))


@pytest.mark.parametrize(
    ("refusal", "is_marked"),
    [(SignInRefused(401), True), (NotSent(Trouble.CONNECT), False)],
)
async def test_only_refused_credentials_are_marked(refusal: AppError, is_marked: bool) -> None:
    room = Room()
    room.door.refusal = refusal
    async with room.open():
        QTest.keyClicks(room.line("clientIdEdit"), "shop")
        QTest.keyClicks(room.line("clientSecretEdit"), "pretend")
        assert room.flow.dialog is not None
        QTest.mouseClick(part(room.flow.dialog, QPushButton, "signInButton"), Qt.MouseButton.LeftButton)
        label = part(room.flow.dialog, QLabel, "loginErrorLabel")
        await until(label.text)
        secret = room.line("clientSecretEdit")
        assert isinstance(secret, LineEdit)
        assert secret.is_wrong is is_marked
        assert room.typed == ("shop", "pretend")


async def sign_in(room: Room) -> None:
    QTest.keyClicks(room.line("clientIdEdit"), "shop")
    QTest.keyClicks(room.line("clientSecretEdit"), "pretend")
    assert room.flow.dialog is not None
    QTest.mouseClick(part(room.flow.dialog, QPushButton, "signInButton"), Qt.MouseButton.LeftButton)
    await until(part(room.flow.dialog, QLabel, "loginErrorLabel").text)


async def test_it_signs_in_by_the_profile_as_its_file_says_now() -> None:
    room = Room()
    changed = room.profiles.items["live"] = replace(LIVE, token_url="https://auth.shop.example/token")
    async with room.open():
        await sign_in(room)
        assert room.door.entered == [changed]


@pytest.mark.parametrize("kind", [EnvironmentKind.SANDBOX, None])
async def test_a_profile_that_is_another_one_by_now_is_not_signed_in_to(kind: EnvironmentKind | None) -> None:
    room = Room()
    if kind is None:
        del room.profiles.items["live"]
    else:
        room.profiles.items["live"] = replace(LIVE, kind=kind)
    async with room.open():
        await sign_in(room)
        assert room.door.entered == []
        assert room.flow.dialog is not None
        words = part(room.flow.dialog, QLabel, "loginErrorLabel").text()
        assert words.startswith("Mend or remove this file, then try again:")
        assert room.typed == ("shop", "pretend")
