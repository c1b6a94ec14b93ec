"""The till's own HTTP, as the tests of the api room have it."""

from tests.api.conftest import certificates, clock, credentials, transport

__all__ = ["certificates", "clock", "credentials", "transport"]
