"""What the tests of the api room share: a transport, a clock, credentials, and a pretend Optty of raw bytes."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from optty_desktop.api.transport import HttpTransport, trusted_by_certifi
from optty_desktop.core.environments import Credentials
from tests.fakes import FakeClock

CERTIFICATES = Path(__file__).parent / "certificates"


@pytest.fixture(scope="session")
def certificates() -> ssl.SSLContext:
    """Parse the public certificates once for all tests."""
    return trusted_by_certifi()


@pytest.fixture
def transport(certificates: ssl.SSLContext) -> HttpTransport:
    """Return a transport as the program uses it."""
    return HttpTransport("optty-desktop/test", ssl_context=lambda: certificates)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that moves only when told."""
    return FakeClock()


@pytest.fixture
def credentials() -> Credentials:
    """Return a pretend merchant."""
    return Credentials("merchant-1", "s3cret-of-merchant")
