"""Changing a profile: by whom, of which environment, and what is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optty_desktop.core.environments import Environment, EnvironmentKind, RouteTemplate
from optty_desktop.core.errors import NoRight, ProfileProblem
from optty_desktop.core.profile_changes import ProfileField
from optty_desktop.core.profile_rules import Rule, RuleBroken
from optty_desktop.till.change_connection import ChangeConnection
from optty_desktop.till.session import Session
from tests.fakes import IDENTITY, LIVE, TRAINING, FakeClock, FakeOptty, FakeProfiles, MemoryJournal, counted_bytes

SHOP = replace(LIVE, token_url="https://auth.shop.example/token", api_url="https://api.shop.example")
SANDBOX = replace(
    SHOP, id="sandbox", name="Sandbox", kind=EnvironmentKind.SANDBOX,
    token_url="https://auth.qa.example/token", api_url="https://api.qa.example",
)  # fmt: skip
NEW_ROUTE = RouteTemplate("DELETE", "/links/{invoiceNumber}")


def verb(profiles: FakeProfiles, environment: Environment = SHOP, operator: str = "Sara") -> ChangeConnection:
    identity = replace(IDENTITY, operator=operator)
    till = Session(FakeOptty(environment), MemoryJournal(), identity, FakeClock(), counted_bytes())
    return ChangeConnection(till, profiles)


async def test_what_was_confirmed_is_written_and_the_session_stays_as_it_was() -> None:
    profiles = FakeProfiles(SANDBOX, SHOP)
    change = verb(profiles)
    proposal = await change.propose(replace(SHOP, name="Shop 2", cancel_or_refund=NEW_ROUTE))
    assert [one.field for one in proposal.changes] == [ProfileField.NAME, ProfileField.ROUTE]
    assert profiles.items["live"] == SHOP
    await change.save(proposal)
    assert profiles.items["live"] == replace(SHOP, name="Shop 2", cancel_or_refund=replace(NEW_ROUTE, tried=False))
    assert profiles.items["sandbox"] == SANDBOX
    assert (await change.stored()).name == "Shop 2"
    assert change.in_force == SHOP


async def test_the_difference_is_to_what_the_file_says_now() -> None:
    profiles = FakeProfiles(replace(SHOP, name="Changed elsewhere"))
    proposal = await verb(profiles).propose(SHOP)
    assert [(one.old, one.new) for one in proposal.changes] == [("Changed elsewhere", "Live")]


async def test_without_a_difference_there_is_nothing_to_save() -> None:
    assert (await verb(FakeProfiles(SHOP)).propose(SHOP)).changes == ()


@pytest.mark.parametrize(
    ("environment", "operator", "typed"),
    [
        (SHOP, "", replace(SHOP, name="x")),
        (SHOP, "Sara", replace(SANDBOX, name="x")),
        (SHOP, "Sara", replace(SHOP, kind=EnvironmentKind.SANDBOX)),
        (TRAINING, "Sara", replace(TRAINING, name="x")),
    ],
)
async def test_whoever_may_not_changes_nothing(environment: Environment, operator: str, typed: Environment) -> None:
    profiles = FakeProfiles(SANDBOX, SHOP, TRAINING)
    before = dict(profiles.items)
    change = verb(profiles, environment, operator)
    with pytest.raises(NoRight):
        await change.propose(typed)
    allowed = await verb(profiles).propose(replace(SHOP, name="y"))
    with pytest.raises(NoRight):
        await change.save(replace(allowed, after=typed))
    assert profiles.items == before


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        (replace(SHOP, api_url="http://api.shop.example"), Rule.HTTPS),
        (replace(SHOP, link_hosts=()), Rule.LINK_HOST),
        (replace(SHOP, cancel_or_refund=RouteTemplate("POST", "/links/all")), Rule.PLACEHOLDER),
        (replace(SHOP, token_url=SANDBOX.token_url), Rule.HOSTS_APART),
    ],
)
async def test_no_profile_that_breaks_a_rule_is_proposed(typed: Environment, rule: Rule) -> None:
    with pytest.raises(RuleBroken) as broken:
        await verb(FakeProfiles(SANDBOX, SHOP)).propose(typed)
    assert broken.value.rule is rule


async def test_what_cannot_be_written_is_said() -> None:
    profiles = FakeProfiles(SHOP)
    change = verb(profiles)
    proposal = await change.propose(replace(SHOP, name="x"))
    profiles.is_read_only = True
    with pytest.raises(ProfileProblem):
        await change.save(proposal)
    assert profiles.items["live"] == SHOP


async def test_a_profile_that_has_gone_is_said() -> None:
    with pytest.raises(ProfileProblem, match="live"):
        await verb(FakeProfiles(SANDBOX)).stored()
