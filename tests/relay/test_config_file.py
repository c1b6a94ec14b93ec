"""The relay's file: what it means, and that every mistake in it is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from optty_desktop.relay.config import ConfigProblem, JetStream, Limits, RelayConfig
from optty_desktop.relay.config_file import load_config

SECRET = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4
GOOD = f"""
listen = "127.0.0.1:8787"
data = "data"

[[merchant]]
id = "corner-store"
environment = "live"
secrets = ["{SECRET}"]

[[merchant.shop]]
id = "main-street"
prefixes = ["TILL1", "TILL2"]

[[merchant.shop]]
id = "side-street"
"""


def load(folder: Path, text: str, mode: int = 0o640) -> RelayConfig:
    file = folder / "relay.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return load_config(file)


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD)
    assert (config.host, config.port, config.data) == ("127.0.0.1", 8787, tmp_path / "data")
    assert (config.retention_days, config.limits, config.certificate) == (14, Limits(), None)
    merchant = config.merchants["corner-store"]
    assert (merchant.environment, merchant.secrets) == ("live", (SECRET,))
    assert [shop.key for shop in merchant.shops] == ["corner-store/main-street", "corner-store/side-street"]
    assert config.shop("corner-store/side-street") == merchant.shops[1]
    assert config.shop("corner-store/nowhere") is None


def test_a_long_file_says_everything(tmp_path: Path) -> None:
    text = GOOD.replace('data = "data"', 'data = "/var/lib/relay"\nretention_days = 7\nbehind_tls_proxy = true')
    text = text.replace("127.0.0.1:8787", "[::]:443").replace(f'["{SECRET}"]', f'["{SECRET}", "{OTHER}"]')
    text += (
        "\n[limits]\nbody_kib = 32\nnotices_per_second = 9\nconnections = 50\nstreams_per_till = 2\nstored_mib = 64\n"
    )
    config = load(tmp_path, text)
    assert (config.host, config.port, config.data, config.retention_days) == ("::", 443, Path("/var/lib/relay"), 7)
    assert config.limits == Limits(32 * 1024, 9, 50, 2, 64 * 2**20)
    assert config.merchants["corner-store"].secrets == (SECRET, OTHER)


SERVERS = 'servers = ["tls://nats-1.shop.example:4222", "tls://nats-2.shop.example:4222"]'
CLUSTER = GOOD.replace(
    'data = "data"', f'engine = {{ kind = "jetstream", {SERVERS}, replicas = 3, credentials = "relay.nk" }}'
)


def test_servers_that_keep_everything_are_named(tmp_path: Path) -> None:
    servers = ("tls://nats-1.shop.example:4222", "tls://nats-2.shop.example:4222")
    assert load(tmp_path, CLUSTER).jetstream == JetStream(servers, 3, tmp_path / "relay.nk")
    assert load(tmp_path, GOOD.replace("data =", 'engine = { kind = "sqlite" }\ndata =')).jetstream is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("engine = {", 'data = "data"\nengine = {', "data belongs to the engine sqlite"),
        ('"jetstream"', '"postgres"', "engine.kind must be sqlite or jetstream"),
        ('kind = "jetstream", ', "", "engine.kind is missing"),
        ('"jetstream"', '"sqlite"', "unknown key engine.servers"),
        ("credentials =", "password =", "unknown key engine.password"),
        ("replicas = 3", "replicas = 2", "engine.replicas must be 3 or 5, or 1 for a single server"),
        ("replicas = 3", "replicas = true", "engine.replicas must be"),
        (", replicas = 3", "", "engine.replicas must be"),
        (SERVERS, "servers = []", "engine.servers must be a list such as"),
        (SERVERS, 'servers = "tls://x:1"', "engine.servers must be a list such as"),
        ("tls://nats-2", "nats://nats-2", "all with tls:// or all with nats://"),
        ("tls://nats-2", "tls://user:word@nats-2", "engine.servers must be a list such as"),
        (SERVERS, 'servers = ["nats://nats-1.shop.example:4222"]', "other computers are asked over TLS"),
        ('credentials = "relay.nk"', "credentials = 5", "engine.credentials must be a text"),
    ],
)
def test_every_mistake_about_servers_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in CLUSTER
    with pytest.raises(ConfigProblem) as problem:
        load(tmp_path, CLUSTER.replace(old, new))
    assert said in str(problem.value)


def test_secrets_do_not_show_in_what_a_developer_prints(tmp_path: Path) -> None:
    assert SECRET not in repr(load(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("listen =", "listn =", "unknown key listn"),
        ('listen = "127.0.0.1:8787"', "", "listen is missing"),
        ("127.0.0.1:8787", "localhost:8787", "listen must be an address and a port"),
        ("127.0.0.1:8787", "127.0.0.1:65536", "listen must be an address and a port"),
        ("127.0.0.1:8787", "127.0.0.256:1", "listen must be an address and a port"),
        ("127.0.0.1:8787", "127.0.0.1", "listen must be an address and a port"),
        ("127.0.0.1:8787", "0.0.0.0:8787", "needs certificate and key"),
        ('data = "data"', "data = 5", "data must be a text"),
        ('data = "data"', 'data = "data"\nretention_days = 0', "retention_days must be a whole number from 1 to 90"),
        ('data = "data"', 'data = "data"\nretention_days = true', "retention_days must be a whole number"),
        ('data = "data"', 'data = "data"\nbehind_tls_proxy = 1', "behind_tls_proxy must be true or false"),
        ('data = "data"', 'data = "data"\ncertificate = "x.pem"', "certificate and key belong together"),
        ('data = "data"', 'data = "data"\nlimits = 5', "limits must be a table"),
        (
            "[[merchant]]",
            "[limits]\nbody_kib = 65\n[[merchant]]",
            "limits.body_kib must be a whole number from 1 to 64",
        ),
        ("[[merchant]]", "[limits]\nhints = 1\n[[merchant]]", "unknown key limits.hints"),
        ('environment = "live"', "", "merchant.environment is missing"),
        ('environment = "live"', 'environment = "Live!"', "merchant.environment must be 1 to 40 of a-z"),
        ('environment = "live"', 'environment = "live"\nclient_secret = "x"', "unknown key merchant.client_secret"),
        ('id = "corner-store"', 'id = "Corner/Store"', "merchant.id must be"),
        (f'["{SECRET}"]', "[]", "merchant.secrets must be a list of one secret"),
        (f'["{SECRET}"]', f'"{SECRET}"', "merchant.secrets must be a list of one secret"),
        (f'["{SECRET}"]', '["short"]', "openssl rand -hex 32"),
        (f'["{SECRET}"]', f'["{SECRET}", "{OTHER}", "{OTHER}x"]', "merchant.secrets must be"),
        (f'["{SECRET}"]', f'["{SECRET}", "{SECRET}"]', "one secret stands twice"),
        (SECRET, SECRET[:-1] + "/", "merchant.secrets must be"),
        ('"TILL1", "TILL2"', '"till1"', "merchant.shop.prefixes must be a list"),
        ('"TILL1", "TILL2"', '"TILLXYZ1"', "merchant.shop.prefixes must be a list"),
        ('["TILL1", "TILL2"]', "[]", "only one shop of a merchant can be without"),
        ('id = "side-street"', 'id = "side-street"\nprefixes = ["TILL2"]', "two shops claim the same one"),
        ('id = "side-street"', 'id = "main-street"', "one name stands twice"),
        ('id = "side-street"', 'id = "side-street"\nname = "x"', "unknown key merchant.shop.name"),
        ("[[merchant]]", "[[merchants]]", "unknown key merchants"),
        ('listen = "', 'listen = ""', "not TOML"),
    ],
)
def test_every_mistake_is_named_in_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigProblem) as problem:
        load(tmp_path, GOOD.replace(old, new, 1))
    text = str(problem.value)
    assert text.startswith(f"{tmp_path / 'relay.toml'}: ")
    assert said in text
    assert text.count("\n") == 0
    assert SECRET not in text


def test_two_entries_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("[[merchant]]") :].replace(SECRET, OTHER)
    with pytest.raises(ConfigProblem, match="corner-store stands twice"):
        load(tmp_path, GOOD + second)
    with pytest.raises(ConfigProblem, match="one secret stands twice"):
        load(tmp_path, GOOD + second.replace(OTHER, SECRET).replace('"corner-store"', '"other"'))


def test_a_file_without_merchants_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match=r"\[\[merchant\]\] is missing"):
        load(tmp_path, GOOD[: GOOD.index("[[merchant]]")])
    with pytest.raises(ConfigProblem, match=r"\[\[merchant.shop\]\] is missing"):
        load(tmp_path, GOOD[: GOOD.index("[[merchant.shop]]")])


def test_a_file_that_is_not_there_or_too_large_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match="cannot be read"):
        load_config(tmp_path / "relay.toml")
    with pytest.raises(ConfigProblem, match="larger than 256 KiB"):
        load(tmp_path, GOOD + "# x\n" * 100_000)


@pytest.mark.skipif(os.name != "posix", reason="files have other rights elsewhere")
@pytest.mark.parametrize("mode", [0o644, 0o642, 0o641])
def test_a_file_with_secrets_that_everybody_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(ConfigProblem, match="run chmod 640 on it"):
        load(tmp_path, GOOD, mode)
