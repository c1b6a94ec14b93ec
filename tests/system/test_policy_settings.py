"""The administrator's file: what it may say, who may have written it, and that a wrong one is told with its line."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from optty_desktop.core.errors import ProfileProblem
from optty_desktop.core.money import Money
from optty_desktop.core.network import NetworkSettings, Proxy, Trust
from optty_desktop.core.policy import Policy
from optty_desktop.core.updates import UpdateMode, Updates
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.policy_settings import load_policy
from tests.api.conftest import CERTIFICATES

KEY = "A" * 43 + "="
WHOLE = f"""\
environments = ["live", "training"]

[hosts]
token = ["auth.optty.com"]
api = ["api.optty.com"]
link = [".optty.com", "pay.corner.example"]

[network]
extra_ca = "shop-ca.pem"
proxy = {{ address = "http://proxy.shop:3128" }}

[limits]
warn_above = "1000.00 USD"
largest = ["5000.00 USD", "4500 EUR"]

[updates]
mode = "notice"
manifest_url = "https://updates.corner.example/optty-desktop.json"
public_key = "{KEY}"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "everybody"
    folder.mkdir(mode=0o755)
    return folder / "policy.toml"


def write(file: Path, text: str | bytes, mode: int = 0o644) -> None:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    file.chmod(mode)


def refusal(file: Path) -> str:
    with pytest.raises(ProfileProblem) as caught:
        load_policy([file])
    return str(caught.value)


def test_without_a_file_nothing_is_fixed(file: Path) -> None:
    assert load_policy([]) is None
    assert load_policy([file, file / "below" / "a-file"]) is None
    write(file, "")
    assert load_policy([file / "policy.toml"]) is None, "a folder of the list may be a file"


def test_a_whole_file(file: Path) -> None:
    (file.parent / "shop-ca.pem").write_bytes((CERTIFICATES / "authority.pem").read_bytes())
    write(file, WHOLE)
    assert load_policy([file]) == Policy(
        file=str(file),
        sha256=hashlib.sha256(WHOLE.encode()).hexdigest(),
        environments=("live", "training"),
        token_hosts=("auth.optty.com",),
        api_hosts=("api.optty.com",),
        link_hosts=(".optty.com", "pay.corner.example"),
        network=NetworkSettings(
            Proxy("http://proxy.shop:3128"), False, Trust.BUNDLED, file.parent / "shop-ca.pem"
        ),
        warn_above=Money(100_000, "USD"),
        largest=(Money(500_000, "USD"), Money(450_000, "EUR")),
        updates=Updates(UpdateMode.NOTICE, "https://updates.corner.example/optty-desktop.json", KEY),
    )  # fmt: skip


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_the_switch_for_reported_payments(file: Path, text: str, value: bool) -> None:
    write(file, f"show_reported_payments = {text}\n")
    found = load_policy([file])
    assert found is not None
    assert found.show_reported_payments is value
    write(file, 'show_reported_payments = "on"\n')
    with pytest.raises(ProfileProblem, match=r"line 1: show_reported_payments must be true or false"):
        load_policy([file])


def test_an_empty_file_is_in_force_and_fixes_nothing(file: Path) -> None:
    write(file, "# nothing yet\n")
    found = load_policy([file])
    assert found is not None
    assert (found.file, found.allows_training, found.network, found.updates) == (str(file), True, None, None)


def test_the_first_of_several_files_counts(file: Path, tmp_path: Path) -> None:
    write(file, 'environments = ["live"]')
    second = tmp_path / "second.toml"
    write(second, 'environments = ["sandbox"]')
    found = load_policy([tmp_path / "absent.toml", file, second])
    assert found is not None
    assert found.environments == ("live",)


def test_the_places_are_those_of_the_whole_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name != "posix" or os.uname().sysname != "Linux":
        pytest.skip("the places of another platform")
    monkeypatch.setenv("XDG_CONFIG_DIRS", "/etc/xdg/xdg-ubuntu:/etc/xdg")
    assert AppPaths.of_this_person().policies == (
        Path("/etc/xdg/xdg-ubuntu/optty-desktop/policy.toml"),
        Path("/etc/xdg/optty-desktop/policy.toml"),
    )
    assert AppPaths.below(Path("/run/own")).policies == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("environments = ", ": Invalid value (at end of document)"),
        ('\n[hosts\nlink = ["a.b"]', ": Expected ']' at the end of a table declaration (at line 2, column 7)"),
        ("\n\nenviroments = []", ", line 3: unknown key enviroments"),
        ('environments = "live"', ', line 1: environments must be a list of texts, such as ["live"]'),
        ("environments = []", ', line 1: environments must be a list of texts, such as ["live"]'),
        ('environments = ["Live"]', ', line 1: environments must be a list of texts, such as ["live"]'),
        ("# first\nhosts = 3", ", line 2: hosts must be a table, written [hosts]"),
        ('[hosts]\n\nlink = ["*"]', ', line 3: hosts.link must be a list of texts, such as [".optty.com", '),
        ('[hosts]\napi = [".optty.com"]', ', line 2: hosts.api must be a list of texts, such as ["api.optty.com"]'),
        ('[hosts]\ntoken = ["https://auth.optty.com"]', ", line 2: hosts.token must be a list"),
        ("hosts = { links = [] }", ", line 1: unknown key hosts.links"),
        ("hosts.links = []", ", line 1: unknown key hosts.links"),
        ('[network]\ntrust = "all"', ', line 2: network: trust must be "bundled" or "system"'),
        ('[network]\nproxi = "none"', ", line 2: unknown key network.proxi"),
        ('[network.proxy]\naddress = "http://a:b@c:1"', ", line 1: network: proxy.address must be like"),
        ('[limits]\nwarn_above = "1000.00"', ", line 2: limits.warn_above takes an amount and its currency"),
        ("[limits]\nwarn_above = 1000", ", line 2: limits.warn_above takes an amount and its currency"),
        ('[limits]\nlargest = "5 USD"', ", line 2: limits.largest must be a list of amounts"),
        ('[limits]\nlargest = ["5.001 USD"]', ", line 2: limits.largest takes an amount and its currency"),
        ('[limits]\nlargest = ["0 USD"]', ", line 2: limits.largest takes an amount and its currency"),
        ('[limits]\nlargest = ["5 XYZ"]', ", line 2: limits.largest takes an amount and its currency"),
        ('[limits]\nlargest = ["5 USD", "6 USD"]', ", line 2: limits.largest names a currency twice"),
        ('[updates]\nmode = "on"', ', line 2: updates.mode must be "off" or "notice"'),
        ('[updates]\nmode = "off"\nmanifest = "https://a.b"', ", line 3: unknown key updates.manifest"),
        ('[updates]\nmode = "notice"\nmanifest_url = "http://a.b"', ", line 3: updates.manifest_url must be https"),
        ('[updates]\nmode = "notice"', ", line 1: updates.manifest_url must be a plain address"),
        (
            '[updates]\nmode = "notice"\nmanifest_url = "https://a.b/c"\npublic_key = "x"',
            ", line 4: updates.public_key must be the line that sign_manifest.py prints for the key",
        ),
        (b"\xff", ": 'utf-8' codec"),
        ("#" * 70_000, " is larger than 64 KiB"),
    ],
)
def test_what_is_not_understood_is_named_with_its_line(file: Path, text: str | bytes, said: str) -> None:
    write(file, text)
    assert refusal(file).startswith(f"{file}{said}")


@pytest.mark.skipif(os.name != "posix", reason="on Windows the rights of the folder decide")
@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666, 0o622])
def test_a_file_that_others_may_write_is_not_believed(file: Path, mode: int) -> None:
    write(file, WHOLE, mode)
    assert refusal(file) == f"{file} may be written by others than its owner, so it is not believed"


@pytest.mark.skipif(os.name != "posix", reason="on Windows the rights of the folder decide")
def test_a_folder_that_others_may_write_is_not_believed(file: Path) -> None:
    write(file, "")
    file.parent.chmod(0o777)
    assert refusal(file) == f"{file.parent} may be written by others than its owner, so it is not believed"


@pytest.mark.skipif(os.name != "posix", reason="on Windows the rights of the folder decide")
def test_a_file_of_whoever_works_here_is_not_believed(file: Path) -> None:
    write(file, WHOLE)
    with pytest.raises(ProfileProblem) as caught:
        load_policy([file], owners={os.geteuid() + 1})
    assert str(caught.value) == (f"{file} does not belong to the administrator, so it is not believed: give it to root")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_of_whoever_works_here_is_not_believed(file: Path) -> None:
    write(file, "")
    os.chown(file.parent, 12_345, -1)
    assert refusal(file) == (
        f"{file.parent} does not belong to the administrator, so it is not believed: give it to root"
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may read everywhere")
def test_a_file_that_cannot_be_read_is_not_passed_over(file: Path) -> None:
    write(file, WHOLE, 0o000)
    assert refusal(file) == f"{file} cannot be read (Permission denied)"


def test_a_folder_in_its_place_is_not_passed_over(file: Path) -> None:
    file.mkdir()
    assert refusal(file).startswith(f"{file} cannot be read")
