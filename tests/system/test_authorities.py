"""Whose certificates are believed: those of this computer or of the shop, and never what the environment names."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import truststore

from optty_desktop.system.authorities import (
    UnusableAuthority,
    check_authority,
    system_has_authorities,
    trusted_by_system,
)
from tests.api.conftest import CERTIFICATES

AUTHORITY = CERTIFICATES / "authority.pem"
AFTER_ITS_END = 2**33
"""Unix seconds of the year 2242."""


def test_a_sound_authority_is_accepted_and_an_expired_one_named_with_its_end() -> None:
    check_authority(AUTHORITY)
    with pytest.raises(UnusableAuthority, match=r"expired on \w{3} .* GMT$"):
        check_authority(AUTHORITY, AFTER_ITS_END)


def test_one_valid_authority_among_expired_ones_is_enough(tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(AUTHORITY.read_bytes() + (CERTIFICATES / "second_authority.pem").read_bytes())
    ends = sorted(end_of(name) for name in ("authority.pem", "second_authority.pem"))
    check_authority(both, ends[-1] - 1)
    with pytest.raises(UnusableAuthority, match="expired"):
        check_authority(both, ends[-1] + 1)


def end_of(name: str) -> float:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(CERTIFICATES / name)
    return ssl.cert_time_to_seconds(str(context.get_ca_certs()[0]["notAfter"]))


def test_on_linux_the_list_of_the_platform_is_read_whatever_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "second_authority.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(CERTIFICATES))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = trusted_by_system("linux", [tmp_path / "none.pem", AUTHORITY])
    assert [dict(one)["serialNumber"] for one in context.get_ca_certs()] == [serial_of(AUTHORITY)]
    is_strict(context)
    assert context.keylog_filename is None


def serial_of(authority: Path) -> object:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority)
    return dict(context.get_ca_certs()[0])["serialNumber"]


def is_strict(context: ssl.SSLContext) -> None:
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_check_by_their_own_service(platform: str) -> None:
    assert system_has_authorities(platform, [])
    context = trusted_by_system(platform, [])
    assert isinstance(context, truststore.SSLContext)
    is_strict(context)


def test_a_computer_without_a_list_is_known_as_such(tmp_path: Path) -> None:
    assert not system_has_authorities("linux", [tmp_path / "none.pem"])
    assert system_has_authorities("linux", [tmp_path / "none.pem", AUTHORITY])
    with pytest.raises(OSError, match="No such file"):
        trusted_by_system("linux", [tmp_path / "none.pem"])
