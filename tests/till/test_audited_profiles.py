"""Every change of a profile is written down before it is made; what cannot be written down is not done."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from optty_desktop.core.audit_chain import AuditAction, Deed, Moment
from optty_desktop.core.environments import Environment, RouteTemplate
from optty_desktop.core.errors import DiskFull, JournalDamaged, JournalProblem, JournalReadOnly, ProfileProblem
from optty_desktop.journal.audit import AuditFile
from optty_desktop.till.audited_profiles import AuditedProfiles
from tests.fakes import LIVE, FakeClock, FakeProfiles
from tests.waiting import until

LIMIT = 20.0


class Notebook:
    """Keeps deeds in memory, with the profile as it was when each was written down."""

    def __init__(self, profiles: FakeProfiles) -> None:
        self.profiles = profiles
        self.deeds: list[Deed] = []
        self.names: list[str] = []
        self.problem: JournalProblem | None = None

    async def note(self, deed: Deed) -> None:
        if self.problem is not None:
            raise self.problem
        self.deeds.append(deed)
        self.names.append(self.profiles.items["live"].name)


@pytest.fixture
def profiles() -> FakeProfiles:
    return FakeProfiles(LIVE)


@pytest.fixture
def notebook(profiles: FakeProfiles) -> Notebook:
    return Notebook(profiles)


async def test_a_change_is_written_down_first(profiles: FakeProfiles, notebook: Notebook) -> None:
    audited = AuditedProfiles(profiles, notebook, "Sara")
    changed = replace(LIVE, name="Shop 2", link_hosts=(*LIVE.link_hosts, "pay.corner.example"))
    await audited.save(changed)
    assert notebook.deeds == [
        Deed(
            AuditAction.PROFILE_CHANGED,
            "Sara",
            {"environment": "live", "name": "Live", "link_hosts": "127.0.0.1"},
            {"environment": "live", "name": "Shop 2", "link_hosts": "127.0.0.1, pay.corner.example"},
        )
    ]
    assert notebook.names == ["Live"]
    assert tuple(await audited.load()) == (changed,)


async def test_a_new_profile_has_nothing_before(profiles: FakeProfiles, notebook: Notebook) -> None:
    await AuditedProfiles(profiles, notebook, "Sara").save(replace(LIVE, id="second"))
    (deed,) = notebook.deeds
    assert (deed.before, deed.after["environment"]) == ({}, "second")


@pytest.mark.parametrize(
    ("problem", "words"),
    [(JournalDamaged(), "is damaged"), (DiskFull(), "disk is full"), (JournalReadOnly(), "cannot be written")],
)
async def test_what_cannot_be_written_down_is_not_done(
    profiles: FakeProfiles, notebook: Notebook, problem: JournalProblem, words: str
) -> None:
    notebook.problem = problem
    with pytest.raises(ProfileProblem, match=words):
        await AuditedProfiles(profiles, notebook, "Sara").save(replace(LIVE, name="Shop 2"))
    assert profiles.items["live"] == LIVE


async def test_a_change_that_was_not_made_is_written_down_as_such(profiles: FakeProfiles, notebook: Notebook) -> None:
    profiles.is_read_only = True
    with pytest.raises(ProfileProblem, match="cannot be written"):
        await AuditedProfiles(profiles, notebook, "Sara").save(replace(LIVE, name="Shop 2"))
    assert [deed.action for deed in notebook.deeds] == [AuditAction.PROFILE_CHANGED, AuditAction.PROFILE_NOT_CHANGED]


async def test_that_a_route_has_worked_is_no_change(profiles: FakeProfiles, notebook: Notebook) -> None:
    untried = replace(LIVE, cancel_or_refund=RouteTemplate("POST", "/x/{invoiceNumber}", tried=False))
    profiles.items["live"] = untried
    await AuditedProfiles(profiles, notebook, "Sara").mark_tried(untried)
    route = profiles.items["live"].cancel_or_refund
    assert route is not None
    assert route.tried
    assert notebook.deeds == []


class Worker:
    """What a worker thread does: nobody can stop it once it has begun, and it ends when ``go_on`` is set."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def work(self) -> None:
        self.begun.set()
        assert self.go_on.wait(LIMIT)


class SlowProfiles(FakeProfiles):
    """The file is written by a worker thread; with ``fails_late`` the write is made and then not confirmed."""

    def __init__(self, *environments: Environment) -> None:
        super().__init__(*environments)
        self.worker, self.fails_late = Worker(), False

    async def save(self, environment: Environment) -> None:
        await asyncio.to_thread(self._write, environment)
        if self.fails_late:
            raise ProfileProblem("environments.toml: cannot be written (Input/output error)")

    def _write(self, environment: Environment) -> None:
        self.worker.work()
        self.items[environment.id] = environment


class SlowAudit(AuditFile):
    """A disk that takes its time."""

    def __init__(self, file: Path) -> None:
        clock = FakeClock()
        super().__init__(file, lambda: Moment(clock.now(), clock.monotonic(), "5a5a"))
        self.worker = Worker()

    def add(self, deed: Deed) -> None:
        self.worker.work()
        super().add(deed)


async def cancelled_in(worker: Worker, audited: AuditedProfiles) -> None:
    """Cancel a save while ``worker`` works."""
    saving = asyncio.create_task(audited.save(replace(LIVE, name="Shop 2")))
    await until(worker.begun.is_set)
    saving.cancel()
    await asyncio.sleep(0)
    saving.cancel()
    await asyncio.sleep(0)
    worker.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await saving


async def test_a_cancel_while_the_file_is_written_leaves_an_audit_that_says_what_is_so() -> None:
    profiles = SlowProfiles(LIVE)
    notebook = Notebook(profiles)
    await cancelled_in(profiles.worker, AuditedProfiles(profiles, notebook, "Sara"))
    assert profiles.items["live"].name == "Shop 2"
    assert [deed.action for deed in notebook.deeds] == [AuditAction.PROFILE_CHANGED]


async def test_a_cancel_while_the_entry_is_written_leaves_no_entry_without_its_change(
    profiles: FakeProfiles, tmp_path: Path
) -> None:
    audit = SlowAudit(tmp_path / "audit.db")
    await cancelled_in(audit.worker, AuditedProfiles(profiles, audit, "Sara"))
    assert profiles.items["live"].name == "Shop 2"
    assert [AuditAction.PROFILE_CHANGED in row.text for row in audit.rows()] == [True]


@pytest.mark.parametrize("is_readable", [True, False], ids=["read back", "not to be read"])
async def test_a_change_that_was_made_after_all_is_not_called_undone(*, is_readable: bool) -> None:
    profiles = SlowProfiles(LIVE)
    notebook = Notebook(profiles)
    profiles.fails_late = True
    saving = asyncio.create_task(AuditedProfiles(profiles, notebook, "Sara").save(replace(LIVE, name="Shop 2")))
    await until(profiles.worker.begun.is_set)
    profiles.problem = None if is_readable else "environments.toml: cannot be read"
    profiles.worker.go_on.set()
    with pytest.raises(ProfileProblem, match="Input/output"):
        await saving
    assert [deed.action for deed in notebook.deeds] == [AuditAction.PROFILE_CHANGED]
