"""What a policy allows: which profiles, at which hosts, and how much one link may ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.money import Money
from optty_desktop.core.policy import Policy

FILE = "/etc/xdg/optty-desktop/policy.toml"
SECOND = replace(LIVE, id="second", token_url="https://auth.two.example/token", api_url="https://api.two.example")
ALL = (SANDBOX, LIVE, SECOND)


def test_without_a_policy_everything_is_as_it_was() -> None:
    assert Policy().permitted(ALL) == ALL
    assert Policy().allows_training
    for one in ALL:
        Policy().check(one)
        assert Policy().own(one, None) == one


def test_only_named_environments_may_be_used() -> None:
    policy = Policy(FILE, environments=("live", "second"))
    assert policy.permitted(ALL) == (LIVE, SECOND)
    policy.check(LIVE)
    with pytest.raises(ProfileProblem, match="does not allow the environment sandbox"):
        policy.check(SANDBOX)
    assert not policy.allows_training
    with pytest.raises(ProfileProblem, match=f"{FILE} does not allow training"):
        policy.check_training()


def test_training_alone_leaves_nothing_to_sign_in_to() -> None:
    policy = Policy(FILE, environments=("training",))
    policy.check_training()
    assert policy.permitted(ALL) == ()


def test_a_name_that_no_profile_has_is_said() -> None:
    with pytest.raises(ProfileProblem, match=f"{FILE}: there is no environment lvie on this till"):
        Policy(FILE, environments=("lvie",)).permitted(ALL)


@pytest.mark.parametrize(
    ("policy", "host"),
    [
        (Policy(FILE, token_hosts=("auth.optty.com",)), "auth.two.example"),
        (Policy(FILE, api_hosts=("api.optty.com",)), "api.two.example"),
    ],
    ids=["tokens", "calls"],
)
def test_credentials_and_calls_go_to_allowed_hosts_only(policy: Policy, host: str) -> None:
    assert policy.permitted(ALL) == (LIVE,)
    with pytest.raises(ProfileProblem, match=f"the environment second goes to {host}, which is not allowed"):
        policy.check(SECOND)
    with pytest.raises(ProfileProblem, match=host):
        replace(policy, environments=("second",)).permitted(ALL)
    with pytest.raises(ProfileProblem, match="no environment of this till goes to the hosts it allows"):
        policy.permitted((SECOND,))


def test_the_hosts_of_links_take_the_place_of_each_profiles_own() -> None:
    policy = Policy(FILE, link_hosts=("pay.corner.example",))
    managed = policy.permitted(ALL)
    assert {one.link_hosts for one in managed} == {("pay.corner.example",)}
    policy.check(managed[0])
    with pytest.raises(ProfileProblem, match="sets the hosts of payment links"):
        policy.check(LIVE)
    assert policy.own(managed[1], LIVE) == LIVE, "what the policy put there is not written into the profile"


def test_a_limit_holds_for_its_currency() -> None:
    policy = Policy(FILE, largest=(Money(500_000, "USD"), Money(450_000, "EUR")))
    assert policy.limit("EUR") == Money(450_000, "EUR")
    assert policy.limit("KWD") is None
