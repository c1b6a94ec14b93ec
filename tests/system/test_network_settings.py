"""The shop's file for its network: what it may say, and that a wrong one is told instead of talked past."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.network import Proxy, Trust
from optty_desktop.system.network_settings import NetworkSettings, load_network_settings
from tests.api.conftest import CERTIFICATES


def load(folder: Path, text: str) -> NetworkSettings:
    file = folder / "network.toml"
    file.write_text(text, encoding="utf-8")
    return load_network_settings(file)


def test_without_a_file_calls_go_straight_out(tmp_path: Path) -> None:
    settings = load_network_settings(tmp_path / "network.toml")
    assert settings == NetworkSettings(None, False, Trust.BUNDLED, None)
    assert load(tmp_path, "") == settings
    assert load(tmp_path, 'proxy = "none"\ntrust = "bundled"') == settings


def test_a_whole_file(tmp_path: Path) -> None:
    (tmp_path / "shop-ca.pem").write_bytes((CERTIFICATES / "authority.pem").read_bytes())
    settings = load(
        tmp_path,
        'trust = "bundled"\nextra_ca = "shop-ca.pem"\n[proxy]\naddress = "http://proxy.shop:3128"\nuser = "till 2"\n',
    )
    assert settings == NetworkSettings(
        Proxy("http://proxy.shop:3128", "till 2"), False, Trust.BUNDLED, tmp_path / "shop-ca.pem"
    )


def test_the_certificate_may_lie_anywhere(tmp_path: Path) -> None:
    authority = CERTIFICATES / "authority.pem"
    assert load(tmp_path, f"extra_ca = '{authority}'").extra_ca == authority


def test_the_operating_system_may_name_the_proxy(tmp_path: Path) -> None:
    assert load(tmp_path, 'proxy = "system"') == NetworkSettings(asks_system=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('proxi = "none"', "unknown key proxi"),
        ('proxy = "auto"', 'proxy must be "none", "system"'),
        ("proxy = true", 'proxy must be "none", "system"'),
        ('proxy = "http://proxy.shop:3128"', 'proxy must be "none", "system"'),
        ("[proxy]", "proxy.address must be like"),
        ('[proxy]\nuser = "till"', "proxy.address must be like"),
        ('[proxy]\naddress = "http://a:1"\npassword = "x"', "unknown key password"),
        ('[proxy]\naddress = "proxy.shop:3128"', "proxy.address must be like"),
        ('[proxy]\naddress = "http://proxy.shop"', "proxy.address must be like"),
        ('[proxy]\naddress = "http://proxy.shop:99999"', "proxy.address must be like"),
        ('[proxy]\naddress = "socks5://proxy.shop:1080"', "proxy.address must be like"),
        ('[proxy]\naddress = "http://proxy.shop:3128/path"', "proxy.address must be like"),
        ('[proxy]\naddress = "http://pr\\u00f6xy.shop:3128"', "proxy.address must be like"),
        ('[proxy]\naddress = "http://till:canary@proxy.shop:3128"', "proxy.address must be like"),
        ('[proxy]\naddress = "http://a:1"\nuser = "till:canary"', "proxy.user must be a name"),
        ('[proxy]\naddress = "http://a:1"\nuser = 7', "proxy.user must be a name"),
        ('[proxy]\naddress = "http://a:1"\nuser = "a\\r\\nb"', "proxy.user must be a name"),
        ('trust = "none"', 'trust must be "bundled" or "system"'),
        ("trust = 1", 'trust must be "bundled" or "system"'),
        ("trust = []", 'trust must be "bundled" or "system"'),
        ("extra_ca = 1", "extra_ca must be the path"),
        ('extra_ca = ""', "extra_ca must be the path"),
        ('extra_ca = "a\\u0000b"', "extra_ca must be the path"),
        ('extra_ca = "gone.pem"', r"extra_ca: gone.pem cannot be read \("),
        ('extra_ca = "network.toml"', "extra_ca: network.toml is not a certificate in PEM form"),
        (f"extra_ca = '{CERTIFICATES / 'loopback.pem'}'", "loopback.pem holds no certificate of an authority"),
        ("trust = ", "[Ii]nvalid value"),
    ],
)
def test_what_is_wrong_is_named_and_no_password_is_repeated(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ProfileProblem, match=said) as problem:
        load(tmp_path, text)
    assert str(problem.value).startswith("network.toml: ")
    assert "\n" not in str(problem.value)
    assert "canary" not in str(problem.value)


@given(text=st.text(max_size=200))
def test_any_text_is_settings_or_a_named_problem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any-network.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    said = ""
    try:
        load_network_settings(file)
    except ProfileProblem as problem:
        said = str(problem)
    assert not said or said.startswith("any-network.toml: ")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "127.0.0.1:3128", "file:///etc/passwd", "http://a:1?b", ""])
def test_other_proxies_are_refused(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        Proxy(proxy)


@pytest.mark.parametrize(
    ("address", "place"), [("http://proxy.shop:3128", "proxy.shop:3128"), ("https://[fd00::1]:8443/", "[fd00::1]:8443")]
)
def test_a_proxy_shows_its_place_and_never_its_password(address: str, place: str) -> None:
    proxy = Proxy(address, "till", "canary")
    assert proxy.place == place
    assert "canary" not in repr(proxy)
