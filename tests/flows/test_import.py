"""A till that was set up by two files dropped on the sign-in window cancels and refunds for real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from optty_desktop.api.environments import load_environments
from optty_desktop.core.links import LinkState
from optty_desktop.ui.theme import Look
from tests.api.test_import_against_training import COLLECTION, ENVIRONMENT
from tests.flows.counter import Counter
from tests.flows.hands import click, drop, files, part, words
from tests.flows.hours import Hours
from tests.flows.service import Service, free_port
from tests.waiting import until


@pytest.fixture
def counter(look: Look, service: Service, hours: Hours) -> Counter:
    """A till that knows neither the right address nor any route."""
    return Counter(look, service, hours, route=None, token_url=f"http://127.0.0.1:{free_port()}/token")


def exported(folder: Path, service: Service) -> Path:
    """The environment export of a merchant of this service."""
    server = service.server
    values = {"auth_url": service.url, "base_url": service.url}
    values |= {"client_id": server.client_id, "client_secret": server.client_secret}
    document = json.loads(ENVIRONMENT.read_text(encoding="utf-8"))
    for variable in document["values"]:
        variable["value"] = values[variable["key"]]
    path = folder / "shop.postman_environment.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


async def set_up(counter: Counter, *paths: Path) -> None:
    """Drop the files, and agree."""
    drop(counter.dialog, files(*paths))
    await counter.answer(await counter.asked("import"), "confirmButton")
    await until(lambda: words(counter.dialog, "importResultLabel"))


async def enter(counter: Counter) -> None:
    """Press Sign in, with what the form holds."""
    click(counter.dialog, "signInButton")
    await until(lambda: counter.shop.desk)
    await until(lambda: counter.desk._verbs.done())


async def test_two_files_make_a_till_that_cancels_and_refunds(counter: Counter, tmp_path: Path) -> None:
    secrets = exported(tmp_path, counter.service)
    async with counter:
        await set_up(counter, COLLECTION, secrets)
        await until(lambda: words(counter.dialog, "importSecretLabel"))
        click(counter.dialog, "deleteImportButton")
        await counter.answer(await counter.asked("deleteImport"), "confirmButton")
        assert COLLECTION.exists()
        assert not secrets.exists()
        await enter(counter)
        number = await counter.create()
        await counter.answer(await counter.ask_to_cancel(number), "confirmButton")
        await counter.becomes(number, LinkState.CANCELLED)
        paid = await counter.paid("64.00", "Order 1055")
        question = await counter.ask_to_refund(paid)
        counter.hold(question)
        await counter.gone(question)
        await counter.becomes(paid, LinkState.REFUNDED)
        assert len(counter.service.closings()) == 2
    stored = next(one for one in load_environments(counter.paths.environments_file) if one.id == "sandbox")
    assert stored.imported is not None
    assert stored.imported.file == COLLECTION.name


async def test_the_secret_of_the_files_is_written_nowhere(counter: Counter, tmp_path: Path) -> None:
    secret = counter.service.server.client_secret.encode()
    async with counter:
        await set_up(counter, COLLECTION, exported(tmp_path, counter.service))
        await enter(counter)
    for folder in (counter.paths.config, counter.paths.data, counter.paths.logs):
        for path in folder.rglob("*"):
            assert not path.is_file() or secret not in path.read_bytes(), path.name


@pytest.mark.parametrize("content", [b"", b"\xff\xfe{}", b"[" * 100_000, b'{"item": 1}', b"\x00" * 64])
async def test_hostile_files_change_nothing(counter: Counter, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "evil.json"
    path.write_bytes(content)
    before = counter.paths.environments_file.read_bytes()
    async with counter:
        counter.type_credentials("typed-id", "typed-secret")
        drop(counter.dialog, files(path))
        await until(lambda: words(counter.dialog, "loginErrorLabel"))
        assert words(counter.dialog, "loginErrorLabel").startswith("Nothing was changed. Choose another file")
        typed = [part(counter.dialog, QLineEdit, name).text() for name in ("clientIdEdit", "clientSecretEdit")]
        assert typed == ["typed-id", "typed-secret"]
        assert counter.paths.environments_file.read_bytes() == before
        assert counter.service.ledger.received() == []
