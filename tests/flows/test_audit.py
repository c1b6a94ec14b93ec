"""The audit of a day: start, sign-in, a changed profile and a confirmed host stand in it, and no secret does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from optty_desktop.audit_command import audit_file
from optty_desktop.core.audit_chain import AuditAction, first_broken
from optty_desktop.core.errors import JournalInUse
from optty_desktop.journal.audit import AuditFile
from optty_desktop.training.faults import Fault
from tests.flows.counter import Counter
from tests.flows.hands import click
from tests.waiting import until


def entries(counter: Counter) -> list[dict[str, Any]]:
    """What stands in the audit, oldest first; its chain must be whole."""
    rows = audit_file(counter.paths).rows()
    assert first_broken(rows) is None
    return [json.loads(row.text) for row in rows]


def actions(counter: Counter) -> list[str]:
    """What was done, in order."""
    return [entry["action"] for entry in entries(counter)]


async def test_a_day_leaves_its_entries(counter: Counter) -> None:
    async with counter:
        await until(lambda: actions(counter) == ["started"])
        await counter.sign_in()
        counter.click("navSettingsButton")
        await until(lambda: counter.sees("settingsPage"))
        counter.write("profileNameEdit", "Corner Sandbox")
        counter.click("saveConnectionButton")
        dialog = await counter.asked("saveConnection")
        await counter.answer(dialog, "confirmButton")
        await until(lambda: counter.says("connectionMessage").startswith("Saved."))
        counter.click("navPaymentsButton")
        await until(lambda: counter.sees("linkForm"))
        counter.service.faults.add("create", Fault("bad_link", url="https://pay.corner.example/p/1"))
        counter.fill()
        counter.click("createLinkButton")
        await until(lambda: counter.sees("confirmHostButton"))
        counter.click("confirmHostButton")
        question = await counter.asked("confirmHost")
        click(question, "confirmButton")
        await counter.gone(question)
    assert actions(counter) == ["started", "signed_in", "profile_changed", "profile_changed"]
    _started, signed_in, renamed, confirmed = entries(counter)
    assert (signed_in["actor"], signed_in["after"]) == ("Sara", {"environment": "sandbox"})
    assert (renamed["before"]["name"], renamed["after"]["name"]) == ("Sandbox", "Corner Sandbox")
    assert confirmed["after"] == {"environment": "sandbox", "link_hosts": "127.0.0.1, pay.corner.example"}
    text = counter.paths.audit_file.read_bytes().decode("utf-8", "replace")
    for secret in (counter.service.server.client_id, counter.service.server.client_secret, "guest54", "/p/1"):
        assert secret not in text


async def test_a_start_says_which_file_is_not_as_it_was(counter: Counter) -> None:
    async with counter:
        await until(lambda: len(entries(counter)) == 1)
    counter.paths.network_file.write_text('proxy = "none"\n', encoding="utf-8")
    async with counter:
        await until(lambda: len(entries(counter)) == 2)
    first, second = entries(counter)
    assert (first["before"], first["after"]["network.toml"], first["after"]["policy.toml"]) == ({}, "", "")
    assert second["before"] == {"network.toml": ""}
    assert len(second["after"]["network.toml"]) == 64
    assert first["run"] != second["run"]


async def test_a_start_that_cannot_read_the_last_one_says_so_instead_of_naming_nothing(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counter:
        await until(lambda: len(entries(counter)) == 1)

    def held(_file: AuditFile, _action: AuditAction) -> Mapping[str, str]:
        raise JournalInUse

    monkeypatch.setattr(AuditFile, "newest", held)
    async with counter:
        await until(lambda: len(entries(counter)) == 2)
    second = entries(counter)[-1]
    assert set(second["before"].values()) == {"unknown"}
    assert second["before"].keys() == second["after"].keys() - {"version"}


async def test_an_audit_that_cannot_be_read_stops_a_change_and_nobody_at_work(counter: Counter) -> None:
    counter.paths.audit_file.write_bytes(b"nothing that could be read any more" * 200)
    async with counter:
        await counter.sign_in()
        await counter.create()
        counter.click("navSettingsButton")
        await until(lambda: counter.sees("settingsPage"))
        counter.write("profileNameEdit", "Corner Sandbox")
        counter.click("saveConnectionButton")
        dialog = await counter.asked("saveConnection")
        await counter.answer(dialog, "confirmButton")
        await until(lambda: "the audit of this till is damaged" in counter.says("connectionMessage"))
        assert counter.typed("profileNameEdit") == "Corner Sandbox"
        counter.click("undoConnectionButton")
    assert "Corner Sandbox" not in counter.paths.environments_file.read_text(encoding="utf-8")
