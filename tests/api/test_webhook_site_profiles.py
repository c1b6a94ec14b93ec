"""S9: webhook.site shows what it gets to whoever knows the address, so no profile of real money ever names it.

Five ways in, each with its refusal in words: the file, an import, the settings, another kind for a known profile, and
the command line.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optty_desktop.api.environments import LIVE, SANDBOX, load_environments
from optty_desktop.api.profile_store import FileProfiles
from optty_desktop.cli import main
from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.core.errors import NoRight, ProfileProblem
from optty_desktop.core.profile_rules import Rule, RuleBroken, check_address, check_link_host, check_webhook_site
from optty_desktop.system.paths import AppPaths
from optty_desktop.till.change_connection import ChangeConnection
from optty_desktop.till.import_routes import ImportRoutes
from tests.api.postman import back, collection, create, token, usual, written
from tests.fakes import FakeClock, FakeExports, FakeOptty, FakeProfiles, session
from tests.promises import Promise

ADDRESS = "https://webhook.site/a94a7294-c4aa-4074-ab77-c4cf86fd53b1"
WHY = "webhook_site is for a sandbox only: whoever knows the address can read what it catches"

OWN = f"""
[[environment]]
id = "shop-2"
name = "Second shop"
kind = "{{kind}}"
token_url = "https://auth.shop.example/token"
api_url = "https://api.shop.example"
link_hosts = ["pay.shop.example"]
webhook_site = "{ADDRESS}"
"""


def entry(environment_id: str, address: str = ADDRESS) -> str:
    return f'[[environment]]\nid = "{environment_id}"\nwebhook_site = "{address}"\n'


def load(folder: Path, text: str) -> dict[str, Environment]:
    file = folder / "environments.toml"
    file.write_text(text, encoding="utf-8")
    return {one.id: one for one in load_environments(file)}


def test_a_sandbox_may_have_one(tmp_path: Path) -> None:
    assert load(tmp_path, entry("sandbox"))["sandbox"].webhook_site == ADDRESS
    assert load(tmp_path, OWN.format(kind="sandbox"))["shop-2"].webhook_site == ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        "", "webhook.site", "https://webhook.site/", "http://webhook.site/a94a7294-c4aa-4074-ab77-c4cf86fd53b1",
        f"{ADDRESS}/", f"{ADDRESS}?x=1", ADDRESS.replace("webhook.site", "webhook.site.example"),
        ADDRESS.replace("webhook.site", "127.0.0.1"), ADDRESS.replace("webhook.site", "webhook.site:8443"),
        ADDRESS.upper(), "https://a94a7294-c4aa-4074-ab77-c4cf86fd53b1.webhook.site", f"{ADDRESS}\n",
    ],
)  # fmt: skip
def test_only_the_address_that_webhook_site_gives_out_is_taken(address: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_webhook_site(address)
    assert broken.value.rule is Rule.WEBHOOK_SITE


async def test_it_is_written_into_the_file_and_taken_out_again(tmp_path: Path) -> None:
    file = tmp_path / "environments.toml"
    profiles = FileProfiles(file, lambda _folder: None)
    await profiles.save(replace(SANDBOX, webhook_site=ADDRESS))
    assert await profiles.load() == (replace(SANDBOX, webhook_site=ADDRESS), LIVE)
    await profiles.save(SANDBOX)
    assert await profiles.load() == (SANDBOX, LIVE)
    assert "webhook" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [entry("live"), OWN.format(kind="live")])
def test_s9_the_file(tmp_path: Path, promise: Promise, text: str) -> None:
    with pytest.raises(ProfileProblem) as refused:
        load(tmp_path, text)
    assert str(refused.value) == f"environments.toml, environment 1 (line {1 if 'live' in text[:30] else 2}): {WHY}"
    promise("S9", 1, 0, 0.0)


async def test_s9_an_import(tmp_path: Path, promise: Promise) -> None:
    for profiles in (FakeProfiles(SANDBOX, LIVE), FileProfiles(tmp_path / "environments.toml", lambda _folder: None)):
        verb = ImportRoutes(FakeExports(lambda before: replace(before, webhook_site=ADDRESS)), profiles, FakeClock())
        proposal = await verb.propose(await verb.read([tmp_path / "optty.json"]), "live")
        with pytest.raises(ProfileProblem) as refused:
            await verb.save(proposal)
        assert str(refused.value) == f"Live: {WHY}"
        assert tuple(await profiles.load()) == (SANDBOX, LIVE)
    promise("S9", 2, 0, 0.0)


async def test_s9_the_settings(promise: Promise) -> None:
    profiles = FakeProfiles(SANDBOX, LIVE)
    verb = ChangeConnection(session(FakeOptty(LIVE)), profiles)
    with pytest.raises(RuleBroken) as refused:
        await verb.propose(replace(LIVE, webhook_site=ADDRESS))
    assert (refused.value.rule, str(refused.value)) == (Rule.SANDBOX_ONLY, WHY)
    assert profiles.items["live"] == LIVE
    promise("S9", 1, 0, 0.0)


async def test_s9_another_kind_for_a_profile_that_has_one(tmp_path: Path, promise: Promise) -> None:
    sandbox = load(tmp_path, OWN.format(kind="sandbox"))["shop-2"]
    live = replace(sandbox, kind=EnvironmentKind.LIVE)
    with pytest.raises(ProfileProblem, match=WHY):
        load(tmp_path, OWN.format(kind="live"))
    load(tmp_path, OWN.format(kind="sandbox"))
    profiles = FileProfiles(tmp_path / "environments.toml", lambda _folder: None)
    with pytest.raises(ProfileProblem) as refused:
        await profiles.save(live)
    assert str(refused.value) == f"environments.toml, shop-2: {WHY}"
    with pytest.raises(NoRight):
        await ChangeConnection(session(FakeOptty(sandbox)), profiles).propose(live)
    assert sandbox in await profiles.load()
    promise("S9", 3, 0, 0.0)


def test_s9_the_command_line(tmp_path: Path, promise: Promise, capsys: pytest.CaptureFixture[str]) -> None:
    file = AppPaths.of_this_person().environments_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(entry("live"), encoding="utf-8")
    arguments = ["import", *map(str, written(tmp_path, usual())), "--environment", "live", "--yes"]
    assert main(arguments) == 1
    assert capsys.readouterr().err == f"environments.toml, environment 1 (line 1): {WHY}\n"
    assert file.read_text(encoding="utf-8") == entry("live")
    promise("S9", 1, 0, 0.0)


@pytest.mark.parametrize("host", ["webhook.site", "a94a7294-c4aa-4074-ab77-c4cf86fd53b1.webhook.site"])
def test_no_secret_and_no_customer_is_ever_sent_there(tmp_path: Path, host: str) -> None:
    """Whatever the kind: an address of the service there would show id, secret and customers to passers-by."""
    with pytest.raises(RuleBroken) as address:
        check_address(f"https://{host}/token", "token_url")
    with pytest.raises(RuleBroken) as link_host:
        check_link_host(host)
    assert (address.value.rule, link_host.value.rule) == (Rule.PUBLIC_HOST, Rule.PUBLIC_HOST)
    assert check_link_host("mywebhook.site") == "mywebhook.site"
    export = written(tmp_path, collection(token(url=f"https://{host}/token"), create(), back()))
    assert main(["import", *map(str, export), "--environment", "sandbox", "--yes"]) == 1
