"""Profiles: the built-in ones, and what a file may change."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from optty_desktop.api.environments import BUILT_IN, LIVE, SANDBOX, load_environments, training_environment
from optty_desktop.api.profile_store import FileProfiles
from optty_desktop.core.environments import Environment, EnvironmentKind, Imported, RefundWith, RouteTemplate
from optty_desktop.core.errors import ProfileProblem

SHOP = """
[[environment]]
id = "shop-2"
name = "Second shop"
kind = "live"
token_url = "https://auth.shop.example/token"
api_url = "https://api.shop.example"
link_hosts = ["pay.shop.example", ".optty.com"]
"""

ROUTE = """
[environment.cancel_or_refund]
method = "{method}"
path = "{path}"
"""


def load(folder: Path, text: str | bytes) -> tuple[Environment, ...]:
    file = folder / "environments.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_environments(file)


def problem(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ProfileProblem) as caught:
        load(folder, text)
    assert str(caught.value).startswith("environments.toml")
    return str(caught.value)


def test_without_a_file_there_are_sandbox_and_live(tmp_path: Path) -> None:
    assert load_environments(tmp_path / "absent.toml") == (SANDBOX, LIVE)
    assert (SANDBOX.token_url, SANDBOX.api_url) == ("https://auth.qa.optty.com/token", "https://api.qa.optty.com")
    assert (LIVE.token_url, LIVE.api_url) == ("https://auth.optty.com/token", "https://api.optty.com")
    assert [environment.kind for environment in BUILT_IN] == [EnvironmentKind.SANDBOX, EnvironmentKind.LIVE]
    assert all(environment.cancel_or_refund is None for environment in BUILT_IN)


def test_training_has_its_own_route() -> None:
    training = training_environment("http://127.0.0.1:8123/")
    assert training.kind is EnvironmentKind.TRAINING
    assert (training.token_url, training.api_url) == ("http://127.0.0.1:8123/token", "http://127.0.0.1:8123")
    assert training.link_hosts == ("127.0.0.1",)
    assert training.cancel_or_refund == RouteTemplate("POST", "/training/links/{invoiceNumber}/cancel-or-refund")


def test_a_whole_profile_is_read(tmp_path: Path) -> None:
    text = SHOP + 'refund_with = "order"\n' + ROUTE.format(method="delete", path="/x/{invoiceNumber}")
    *built_in, shop = load(tmp_path, text + 'body = \'{"number": "{invoiceNumber}"}\'\n')
    assert tuple(built_in) == BUILT_IN
    assert shop == Environment(
        id="shop-2",
        name="Second shop",
        kind=EnvironmentKind.LIVE,
        token_url="https://auth.shop.example/token",
        api_url="https://api.shop.example",
        link_hosts=("pay.shop.example", ".optty.com"),
        refund_with=RefundWith.ORDER,
        cancel_or_refund=RouteTemplate("DELETE", "/x/{invoiceNumber}", '{"number": "{invoiceNumber}"}'),
    )


def test_a_built_in_changes_only_what_is_named(tmp_path: Path) -> None:
    text = '[[environment]]\nid = "live"\nlink_hosts = [".optty.com", "pay.shop.example"]\n'
    sandbox, live = load(tmp_path, text + ROUTE.format(method="POST", path="/hpp/close?number={invoiceNumber}"))
    assert sandbox == SANDBOX
    assert live.link_hosts == (".optty.com", "pay.shop.example")
    assert live.cancel_or_refund == RouteTemplate("POST", "/hpp/close?number={invoiceNumber}")
    assert (live.token_url, live.api_url, live.name) == (LIVE.token_url, LIVE.api_url, LIVE.name)


def test_this_computer_may_be_spoken_to_plainly(tmp_path: Path) -> None:
    text = SHOP.replace("https://auth.shop.example/", "http://127.0.0.1:8123/").replace(
        "https://api.shop.example", "http://localhost:8123/"
    )
    shop = load(tmp_path, text.replace('"live"', '"sandbox"'))[-1]
    assert (shop.token_url, shop.api_url) == ("http://127.0.0.1:8123/token", "http://localhost:8123")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "shop-2"', 'id = "Shop 2"', "id takes"),
        ('id = "shop-2"', 'id = ""', "id takes"),
        ('id = "shop-2"', f'id = "{"a" * 33}"', "id takes"),
        ('id = "shop-2"', 'id = "../x"', "id takes"),
        ('id = "shop-2"', "id = 7", "id must be a text"),
        ('id = "shop-2"', "", "id must be a text"),
        ('id = "shop-2"', 'id = "training"', "training is built in"),
        ('name = "Second shop"', "", "name is missing"),
        ('name = "Second shop"', 'name = " "', "name takes"),
        ('name = "Second shop"', 'name = "a\\nb"', "name takes"),
        ('name = "Second shop"', f'name = "{"a" * 61}"', "name takes"),
        ('kind = "live"', 'kind = "training"', "kind must be"),
        ('kind = "live"', 'kind = "LIVE"', "kind must be"),
        ('kind = "live"', "", "kind is missing"),
        ("https://auth", "http://auth", "token_url must be https"),
        ("https://api", "http://api", "api_url must be https"),
        ("https://api", "ftp://api", "api_url must be a plain address"),
        ("//api.shop.example", "//api.shop.example:8443", "without a port"),
        ("//api.shop.example", "//api.shop.example:", "plain address"),
        ("//api.shop.example", "//user@api.shop.example", "plain address"),
        ("//api.shop.example", "//user:pw@api.shop.example", "plain address"),
        ("//api.shop.example", "//API.shop.example", "plain address"),
        ("//api.shop.example", "//api..shop.example", "plain address"),
        ("//api.shop.example", "//-api.shop.example", "plain address"),
        ("//api.shop.example", "//api.shop.example/../x", "plain address"),
        ("//api.shop.example", "//api.shop.example//x", "plain address"),
        ("//api.shop.example", "//api.shop.example?x=1", "plain address"),
        ("//api.shop.example", "//api.shop.example#x", "plain address"),
        ("//api.shop.example", "//api.shop.example\\\\x", "plain address"),
        ("//api.shop.example", f"//{'a.' * 120}example", "plain address"),
        ("//api.shop.example", "//127.0.0.1:99999", "port above"),
        ("//api.shop.example", "//[::1]:80", "plain address"),
        ("https://api.shop.example", "https://api.qa.optty.com", "hosts of sandbox"),
        ("https://auth.shop.example", "https://auth.qa.optty.com", "hosts of sandbox"),
        ('["pay.shop.example", ".optty.com"]', "[]", "link_hosts must be a list"),
        ('["pay.shop.example", ".optty.com"]', '"pay.shop.example"', "link_hosts must be a list"),
        ('["pay.shop.example", ".optty.com"]', "[1]", "link_hosts must be a list"),
        ('"pay.shop.example"', '".shop.example"', "link_hosts takes"),
        ('"pay.shop.example"', '"*.shop.example"', "link_hosts takes"),
        ('"pay.shop.example"', '"https://pay.shop.example"', "link_hosts takes"),
        ('"pay.shop.example"', '"shop"', "link_hosts takes"),
        ('"pay.shop.example"', '"Pay.shop.example"', "link_hosts takes"),
        ('"pay.shop.example"', f'"{"a." * 130}example"', "link_hosts takes"),
        ('kind = "live"', 'kind = "live"\nrefund_with = "card"', "refund_with must be"),
        ('kind = "live"', 'kind = "live"\nurl = "x"', "unknown key url"),
        ('kind = "live"', 'kind = "live"\n"\\u202e" = "x"', "unknown key \\u202e"),
        ('kind = "live"', 'kind = "live"\ncancel_or_refund = "/x/{invoiceNumber}"', "must be a table"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in SHOP
    told = problem(tmp_path, SHOP.replace(old, new))
    assert "environment 1 (line 2)" in told
    assert reason in told


@pytest.mark.parametrize(
    ("method", "path", "reason"),
    [
        ("FETCH", "/x/{invoiceNumber}", "method must be"),
        ("POST", "x/{invoiceNumber}", "path must start"),
        ("POST", "https://evil.example/{invoiceNumber}", "path must start"),
        ("POST", "//evil.example/{invoiceNumber}", "// or .."),
        ("POST", "/a//{invoiceNumber}", "// or .."),
        ("POST", "/../{invoiceNumber}", "// or .."),
        ("POST", "/a/./{invoiceNumber}", "// or .."),
        ("POST", "/%2e%2e/{invoiceNumber}", "characters"),
        ("POST", "/a\\\\{invoiceNumber}", "characters"),
        ("POST", "/a b/{invoiceNumber}", "characters"),
        ("POST", "/a#{invoiceNumber}", "characters"),
        ("POST", "/a?b={invoiceNumber}?c", "characters"),
        ("POST", "/a/{invoiceNumber}\\n", "characters"),
        ("POST", "/" + "a" * 300 + "{invoiceNumber}", "characters"),
        ("POST", "/a/{number}/{invoiceNumber}", "other placeholder"),
        ("POST", "/a/{{invoiceNumber}}", "other placeholder"),
        ("POST", "/a", "must stand in"),
    ],
)
def test_a_route_is_never_guessed(tmp_path: Path, method: str, path: str, reason: str) -> None:
    assert reason in problem(tmp_path, SHOP + ROUTE.format(method=method, path=path))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("body = '{\"n\": {invoiceNumber}}'", "JSON object"),
        ("body = '[\"{invoiceNumber}\"]'", "JSON object"),
        ("body = '" + "[" * 5000 + "'", "JSON object"),
        ('body = \'{"n": "' + "x" * 9000 + "\"}'", "JSON object"),
        ("body = 7", "body must be a text"),
        ("headers = []", "unknown key cancel_or_refund.headers"),
    ],
)
def test_a_route_body_is_a_json_object(tmp_path: Path, line: str, reason: str) -> None:
    told = problem(tmp_path, SHOP + ROUTE.format(method="POST", path="/x/{invoiceNumber}") + line)
    assert reason in told


IMPORTED = f"""
[environment.imported]
file = "Optty Direct.json"
sha256 = "{"0a" * 32}"
at = 2026-11-22T13:00:00+01:00
"""


def test_a_route_says_where_it_comes_from_and_whether_it_was_tried(tmp_path: Path) -> None:
    route = ROUTE.format(method="POST", path="/x/{invoiceNumber}")
    shop = load(tmp_path, SHOP + route + "tried = false\n" + IMPORTED)[-1]
    assert shop.cancel_or_refund == RouteTemplate("POST", "/x/{invoiceNumber}", tried=False)
    assert shop.imported == Imported("Optty Direct.json", "0a" * 32, datetime(2026, 11, 22, 12, tzinfo=UTC))
    typed = load(tmp_path, SHOP + route)[-1]
    assert typed.cancel_or_refund == RouteTemplate("POST", "/x/{invoiceNumber}", tried=True)
    assert typed.imported is None
    assert "tried must be true or false" in problem(tmp_path, SHOP + route + 'tried = "no"\n')


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Optty Direct", "../Optty Direct", "without its folder"),
        ("Optty Direct", "C:\\\\Optty Direct", "without its folder"),
        ("Optty Direct", "a\\nb", "without its folder"),
        ("Optty Direct", "a" * 300, "without its folder"),
        ('"Optty Direct.json"', "7", "file must be a text"),
        ('"0a', '"0A', "sha256 takes"),
        ('"0a', '"', "sha256 takes"),
        ("2026-11-22T13:00:00+01:00", "2026-11-22T13:00:00", "imported.at must be"),
        ("2026-11-22T13:00:00+01:00", "2026-11-22", "imported.at must be"),
        ("2026-11-22T13:00:00+01:00", '"2026-11-22T13:00:00Z"', "imported.at must be"),
        ("at =", "on =", "unknown key imported.on"),
        ("[environment.imported]", "[[environment.imported]]", "imported must be a table"),
    ],
)
def test_where_a_route_comes_from_is_read_strictly(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in IMPORTED
    assert reason in problem(tmp_path, SHOP + IMPORTED.replace(old, new))


def test_hosts_of_one_kind_never_serve_the_other(tmp_path: Path) -> None:
    assert "hosts of live" in problem(
        tmp_path, '[[environment]]\nid = "sandbox"\ntoken_url = "https://auth.optty.com/token"\n'
    )
    moved = '[[environment]]\nid = "sandbox"\napi_url = "https://api.test.example"\n'
    assert "hosts of sandbox" in problem(tmp_path, moved + SHOP.replace("api.shop.example", "api.qa.optty.com"))
    assert "hosts of sandbox" in problem(tmp_path, moved + SHOP.replace("api.shop.example", "api.test.example"))
    other = SHOP.replace("shop-2", "shop-3").replace('"live"', '"sandbox"')
    assert "hosts of shop-2" in problem(tmp_path, SHOP + other)


def test_ids_are_single_and_kinds_stay(tmp_path: Path) -> None:
    told = problem(tmp_path, SHOP + SHOP)
    assert "environment 2 (line 10)" in told
    assert "second entry" in told
    assert "keeps its kind" in problem(tmp_path, '[[environment]]\nid = "live"\nkind = "sandbox"\n')
    assert "second entry" in problem(tmp_path, '[[environment]]\nid = "live"\n' * 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[environment]\n", "line 1"),
        ("a = 1\n", "unknown key a"),
        ("environment = 3\n", "written as [[environment]]"),
        ("environment = [1]\n", "written as [[environment]]"),
        ("[environment]\nid = 'x'\n", "written as [[environment]]"),
        (b"\xff\xfe", "not UTF-8"),
        ("#" * 262_145, "larger than 256 KiB"),
        ("a = " + "[" * 5000, "not TOML"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str | bytes, reason: str) -> None:
    assert reason in problem(tmp_path, text)


def test_entries_in_one_line_have_a_number(tmp_path: Path) -> None:
    told = problem(tmp_path, "environment = [{id = 'shop'}]")
    assert told == "environments.toml, environment 1: name is missing"


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "environments.toml").mkdir()
    with pytest.raises(ProfileProblem, match="cannot be read"):
        load_environments(tmp_path / "environments.toml")


async def test_the_store_reads_anew_writes_and_marks_what_has_worked(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "environments.toml"
    profiles = FileProfiles(file, lambda folder: folder.mkdir(exist_ok=True))
    assert tuple(await profiles.load()) == BUILT_IN
    route = RouteTemplate("POST", "/links/{invoiceNumber}/refund", tried=False)
    shop = replace(LIVE, cancel_or_refund=route)
    await profiles.save(shop)
    assert dict((one.id, one.cancel_or_refund) for one in await profiles.load())["live"] == route
    await profiles.mark_tried(replace(shop, cancel_or_refund=RouteTemplate("DELETE", "/links/{invoiceNumber}")))
    await profiles.mark_tried(replace(shop, api_url="https://api.elsewhere.optty.com"))
    assert (await profiles.load())[1].cancel_or_refund == route
    await profiles.mark_tried(shop)
    assert (await profiles.load())[1].cancel_or_refund == replace(route, tried=True)


async def test_a_store_that_cannot_write_says_so_and_changes_nothing(tmp_path: Path) -> None:
    def full(_folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    profiles = FileProfiles(tmp_path / "environments.toml", full)
    with pytest.raises(ProfileProblem, match=r"environments\.toml: cannot be written \(No space left on device\)"):
        await profiles.save(replace(LIVE, name="Shop"))
    assert tuple(await profiles.load()) == BUILT_IN
