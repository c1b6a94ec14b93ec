"""A relay with its own certificate: other computers reach it through TLS only."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest

from tests.relay.room import SECRET, body_of, running
from tests.waiting import until


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for the loopback and its key."""
    pytest.importorskip("cryptography", reason="comes with the keychain of Linux")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "relay.pem", folder / "relay.key"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return certificate, private


async def test_notices_and_hints_travel_through_tls(tmp_path: Path) -> None:
    certificate, key = certificate_in(tmp_path)
    async with running(tmp_path / "data", certificate=certificate, key=key) as room:
        trusting = ssl.create_default_context(cafile=str(certificate))
        url = f"https://127.0.0.1:{room.port}"
        async with httpx.AsyncClient(base_url=url, verify=trusting, trust_env=False, timeout=15) as secure:
            answer = await secure.post("/v1/pair", json={"code": await room.code()})
            bearer = {"authorization": f"Bearer {answer.json()['token']}"}
            waiting = asyncio.ensure_future(secure.get("/v1/events", params={"wait": "5"}, headers=bearer))
            await until(lambda: room.service.figures.streams == 1)
            assert (await secure.post(f"/h/corner-store/{SECRET}", content=body_of("TILL1-1"))).status_code == 200
            assert "TILL1-1" in (await waiting).text
        with pytest.raises(httpx.TransportError):
            await room.post(body_of("TILL1-2"))
        assert await room.sqlite.run(lambda connection: connection.execute("SELECT invoice FROM hints").fetchall()) == [
            ("TILL1-1",)
        ]
