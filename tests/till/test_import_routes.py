"""Setting up a till by import: what is read, what is written, and what becomes of the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optty_desktop.core.environments import Environment, EnvironmentKind, RouteTemplate
from optty_desktop.core.errors import CollectionProblem, FileKept, ProfileProblem, UnclearCollection
from optty_desktop.core.route_import import FoundCredentials, FoundRequest, RequestRole
from optty_desktop.till.import_routes import ImportRoutes
from tests.fakes import LIVE, START, FakeClock, FakeExports, FakeProfiles

SANDBOX = replace(LIVE, id="sandbox", name="Sandbox", kind=EnvironmentKind.SANDBOX)
ROUTE = RouteTemplate("PUT", "/back/{invoiceNumber}", tried=False)
FILES = (Path("optty.json"), Path("shop.json"))


def with_route(before: Environment) -> Environment:
    return replace(before, cancel_or_refund=ROUTE)


class Shop:
    """The verb, the files it reads and the profiles it writes."""

    def __init__(self) -> None:
        self.exports = FakeExports(with_route)
        self.profiles = FakeProfiles(SANDBOX, LIVE)
        self.verb = ImportRoutes(self.exports, self.profiles, FakeClock())


async def test_what_was_agreed_to_is_written_and_nothing_before() -> None:
    shop = Shop()
    export = await shop.verb.read(FILES)
    proposal = await shop.verb.propose(export, "live")
    assert shop.exports.reads == [(FILES, START)]
    assert shop.profiles.items == {"sandbox": SANDBOX, "live": LIVE}
    await shop.verb.save(proposal)
    assert shop.profiles.items == {"sandbox": SANDBOX, "live": with_route(LIVE)}
    assert proposal.credentials == shop.exports.credentials


async def test_the_proposal_starts_from_what_the_file_says_now() -> None:
    shop = Shop()
    export = await shop.verb.read(FILES)
    shop.profiles.items["live"] = replace(LIVE, name="Changed elsewhere")
    assert (await shop.verb.propose(export, "live")).before.name == "Changed elsewhere"


async def test_a_profile_changed_during_the_question_is_not_written_over() -> None:
    shop = Shop()
    proposal = await shop.verb.propose(await shop.verb.read(FILES), "live")
    changed = shop.profiles.items["live"] = replace(LIVE, name="Changed elsewhere")
    with pytest.raises(ProfileProblem, match="changed meanwhile"):
        await shop.verb.save(proposal)
    assert shop.profiles.items["live"] == changed


async def test_a_choice_is_asked_for_and_taken() -> None:
    shop = Shop()
    role = RequestRole.CANCEL_OR_REFUND
    shop.exports.candidates = tuple(FoundRequest(role, n, f"Refund {n}", "PUT", "https://x.example") for n in (3, 4))
    export = await shop.verb.read(FILES)
    with pytest.raises(UnclearCollection) as unclear:
        await shop.verb.propose(export, "live")
    assert unclear.value.candidates == shop.exports.candidates
    assert (await shop.verb.propose(export, "live", 4)).found[-1].number == 4


async def test_nothing_is_written_where_nothing_changes() -> None:
    shop = Shop()
    shop.exports.change = lambda before: before
    proposal = await shop.verb.propose(await shop.verb.read(FILES), "live")
    shop.profiles.is_read_only = True
    await shop.verb.save(proposal)


async def test_each_trouble_has_its_own_error() -> None:
    shop = Shop()
    export = await shop.verb.read(FILES)
    with pytest.raises(ProfileProblem, match="training"):
        await shop.verb.propose(export, "training")
    proposal = await shop.verb.propose(export, "live")
    shop.profiles.is_read_only = True
    with pytest.raises(ProfileProblem):
        await shop.verb.save(proposal)
    shop.exports.problem = "optty.json is not UTF-8 text."
    with pytest.raises(CollectionProblem):
        await shop.verb.read(FILES)
    assert shop.profiles.items["live"] == LIVE


async def test_only_the_files_with_the_secret_go() -> None:
    shop = Shop()
    shop.exports.there = {FILES[1], Path("other.json")}
    proposal = await shop.verb.propose(await shop.verb.read(FILES), "live")
    found = await shop.verb.secret_files(FILES, proposal)
    assert [file.path for file in found] == [FILES[1]]
    shop.exports.kept = {FILES[1]}
    with pytest.raises(FileKept):
        await shop.verb.delete(found)
    shop.exports.kept = set()
    await shop.verb.delete(found)
    assert shop.exports.there == {Path("other.json")}


async def test_without_a_secret_no_file_is_offered() -> None:
    shop = Shop()
    shop.exports.there = set(FILES)
    shop.exports.credentials = FoundCredentials("shop", "")
    proposal = await shop.verb.propose(await shop.verb.read(FILES), "live")
    assert await shop.verb.secret_files(FILES, proposal) == ()


async def test_a_file_that_has_gone_meanwhile_is_not_offered() -> None:
    shop = Shop()
    gone = Path("gone.json")
    shop.exports.there = {gone}
    proposal = await shop.verb.propose(await shop.verb.read(FILES), "live")
    assert await shop.verb.secret_files([gone], proposal) == ()
