"""The way of all calls: the shop's proxy with the password of the keychain, and the authorities it believes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.errors import NotSent, Trouble
from optty_desktop.core.network import Proxy, Trust, Way
from optty_desktop.desktop_proxy import desktop_proxy, gnome_proxy
from optty_desktop.system.authorities import system_has_authorities
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.network_settings import NetworkSettings
from optty_desktop.way_out import WayOut
from tests.api.conftest import CERTIFICATES
from tests.api.raw_server import RawServer, always, reply
from tests.api.test_transport import call, serving, trouble_of
from tests.system.keychains import MODULE, Memory, Prompting

OWN = Proxy("http://proxy.shop:3128", "till")


@pytest.fixture(autouse=True)
def _empty_keychains() -> Iterator[None]:
    Memory.items.clear()
    Prompting.answered.clear()
    yield
    Prompting.answered.set()


def way_out(settings: NetworkSettings, chain: str = "Memory", system: Proxy | None = None) -> WayOut:
    return WayOut(settings, OsKeychain([f"{MODULE}:{chain}"], 0.1), lambda: system)


async def test_without_settings_calls_go_straight_out() -> None:
    way = way_out(NetworkSettings(), system=OWN)
    assert await way.proxy() is None
    assert way.known == Way()


async def test_the_password_comes_from_the_keychain_and_a_new_one_counts_at_once() -> None:
    keychain = OsKeychain([f"{MODULE}:Memory"])
    way = way_out(NetworkSettings(proxy=OWN))
    assert await way.proxy() == OWN
    for password in ("first", "second"):
        await keychain.store_proxy_password("till", password)
        assert await way.proxy() == Proxy(OWN.address, "till", password)
    await keychain.erase_proxy_password("till")
    assert await way.proxy() == OWN
    assert way.known.proxy == OWN, "what people may see has no password"


@pytest.mark.parametrize("chain", ["Locked", "Prompting", "NotHere"])
async def test_a_keychain_that_refuses_leaves_the_proxy_without_a_password(chain: str) -> None:
    assert await way_out(NetworkSettings(proxy=OWN), chain).proxy() == OWN


async def test_the_proxy_that_refuses_is_named() -> None:
    async with RawServer(always(reply(407))) as server:
        way = way_out(NetworkSettings(proxy=Proxy(server.url, "till")), "Locked")
        transport = HttpTransport("t", proxy=way.proxy, ssl_context=way.ssl_context)
        with pytest.raises(NotSent) as caught:
            await call(transport, "https://api.optty.example")
        await transport.close()
    assert caught.value.trouble is Trouble.PROXY_PASSWORD
    assert caught.value.details["proxy"] == f"127.0.0.1:{server.port}"


async def test_the_operating_system_is_asked_by_a_working_thread_each_time() -> None:
    threads: list[int] = []

    def ask() -> Proxy | None:
        threads.append(threading.get_ident())
        return OWN if len(threads) > 1 else None

    way = WayOut(NetworkSettings(asks_system=True), OsKeychain([f"{MODULE}:Memory"]), ask)
    assert await way.proxy() is None
    assert await way.proxy() == OWN
    assert way.known.proxy == OWN
    assert threading.get_ident() not in threads


async def test_the_authority_of_the_shop_is_believed_beside_the_others() -> None:
    async with RawServer(always(reply()), serving("loopback.pem")) as server:
        for trust in Trust if system_has_authorities() else (Trust.BUNDLED,):
            stranger = HttpTransport("t", ssl_context=way_out(NetworkSettings(trust=trust)).ssl_context)
            assert await trouble_of(stranger, server.url) == (NotSent, Trouble.UNTRUSTED)
            way = way_out(NetworkSettings(trust=trust, extra_ca=CERTIFICATES / "authority.pem"))
            transport = HttpTransport("t", ssl_context=way.ssl_context)
            assert (await call(transport, server.url)).status == 200
            await transport.close()
            assert way.known == Way(None, trust, "authority.pem")
            assert len(way.ssl_context().get_ca_certs()) > 20


# The desktop's own setting

SETTINGS = """#!/bin/sh
case "$2 $3" in
  "org.gnome.system.proxy mode") echo "'{mode}'" ;;
  "org.gnome.system.proxy.https host") echo "'{host}'" ;;
  "org.gnome.system.proxy.https port") echo {port} ;;
esac
env > "$0.environment"
"""


def gnome(folder: Path, mode: str = "manual", host: str = "proxy.shop", port: int = 3128) -> str:
    program = folder / "gsettings"
    program.write_text(SETTINGS.format(mode=mode, host=host, port=port), encoding="ascii")
    program.chmod(0o700)
    return str(folder)


def test_the_manual_proxy_of_the_desktop(tmp_path: Path) -> None:
    assert gnome_proxy(gnome(tmp_path)) == Proxy("http://proxy.shop:3128")
    assert gnome_proxy(gnome(tmp_path, host="fd00::1")) == Proxy("http://[fd00::1]:3128")


@pytest.mark.parametrize(("mode", "host", "port"), [("none", "p", 1), ("auto", "p", 1), ("manual", "", 0)])
def test_a_desktop_without_a_manual_proxy_has_none(tmp_path: Path, mode: str, host: str, port: int) -> None:
    assert gnome_proxy(gnome(tmp_path, mode, host, port)) is None


def test_a_computer_without_a_desktop_has_none_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://stranger.example:3128")
    assert gnome_proxy(str(tmp_path)) is None
    assert desktop_proxy("https://api.optty.com", "linux") == gnome_proxy()


def test_the_desktop_is_asked_without_what_could_turn_its_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GSETTINGS_BACKEND", "memory")
    monkeypatch.setenv("DCONF_PROFILE", "stranger")
    assert gnome_proxy(gnome(tmp_path)) is not None
    seen = (tmp_path / "gsettings.environment").read_text(encoding="utf-8")
    assert "GSETTINGS_BACKEND" not in seen
    assert "DCONF_PROFILE" not in seen


def test_a_desktop_that_does_not_answer_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optty_desktop.desktop_proxy._SECONDS", 0.2)
    program = tmp_path / "gsettings"
    program.write_text("#!/bin/sh\nexec /bin/sleep 30\n", encoding="ascii")
    program.chmod(0o700)
    assert gnome_proxy(str(tmp_path)) is None
