"""Every change of a profile is written down before it is made; what cannot be written down is not done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optty_desktop.core.audit_chain import AuditAction, Deed
from optty_desktop.core.environments import RouteTemplate
from optty_desktop.core.errors import DiskFull, JournalDamaged, JournalProblem, JournalReadOnly, ProfileProblem
from optty_desktop.till.audited_profiles import AuditedProfiles
from tests.fakes import LIVE, FakeProfiles


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
