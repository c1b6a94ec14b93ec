"""The files of a shop under a policy: what it sets lies over theirs, and what it leaves out stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX
from optty_desktop.api.profile_store import FileProfiles
from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.money import Money
from optty_desktop.core.network import Proxy
from optty_desktop.shop_files import ShopFiles, read_shop_files
from optty_desktop.system.paths import AppPaths, private_folder


def paths(policy: str, **files: str) -> AppPaths:
    """The folders of a till whose shop has written ``files``, under this policy."""
    places = AppPaths.of_this_person()
    places.config.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (places.config / f"{name}.toml").write_text(text, encoding="utf-8")
    file = places.policies[0]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(policy, encoding="utf-8")
    file.chmod(0o644)
    return places


def read(policy: str, **files: str) -> ShopFiles:
    return read_shop_files(paths(policy, **files))


def test_a_policy_that_sets_nothing_leaves_the_shop_its_own() -> None:
    files = read("", till='warn_above = "20.00"', network='[proxy]\naddress = "http://own:1"')
    assert files.environments == (SANDBOX, LIVE)
    assert files.till.warn_above == Money(2000, "USD")
    assert files.network.proxy == Proxy("http://own:1")


def test_what_the_policy_sets_lies_over_the_shops_files() -> None:
    policy = (
        'environments = ["live"]\nnetwork.proxy = "none"\n[hosts]\nlink = ["pay.corner.example"]\n'
        '[limits]\nwarn_above = "900.00 USD"\nlargest = ["5000.00 EUR", "6000.00 USD"]\n'
    )
    files = read(policy, till='warn_above = "20.00"', network="proxy = broken")
    assert [(one.id, one.link_hosts) for one in files.environments] == [("live", ("pay.corner.example",))]
    assert files.till.warn_above == Money(90_000, "USD")
    assert files.till.currencies == ("USD", "EUR"), "an amount in another currency would have no limit"
    assert files.network.proxy is None, "the shop's own file is not even read"


def test_limits_that_leave_no_currency_are_said() -> None:
    with pytest.raises(ProfileProblem, match=r"limits\.largest names no currency of this till"):
        read('[limits]\nlargest = ["5 CHF"]')


async def test_what_is_saved_keeps_to_the_policy_and_does_not_repeat_it() -> None:
    places = paths('[hosts]\nlink = ["pay.corner.example"]\napi = ["api.optty.com", "api.qa.optty.com"]')
    policy = read_shop_files(places).policy
    profiles = FileProfiles(places.environments_file, private_folder, policy)
    live = next(one for one in await profiles.load() if one.id == "live")
    await profiles.save(replace(live, name="Corner"))
    assert "link_hosts" not in places.environments_file.read_text(encoding="utf-8")
    assert [one.name for one in await profiles.load()] == ["Sandbox", "Corner"]
    before = places.environments_file.read_bytes()
    with pytest.raises(ProfileProblem, match=r"goes to api\.evil\.example, which is not allowed"):
        await profiles.save(replace(live, api_url="https://api.evil.example"))
    assert places.environments_file.read_bytes() == before
