"""Certificate authorities of this computer and of the shop.

On Linux the platform's own list is read from its file. What Python and ``truststore`` would do there obeys
SSL_CERT_FILE and SSL_CERT_DIR, and nothing of the process environment may decide whom the till believes.
"""

import ssl
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

SYSTEM_LISTS: Final = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian, Ubuntu, Arch, Alpine
    Path("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),  # Fedora, Red Hat
    Path("/etc/ssl/ca-bundle.pem"),  # SUSE
    Path("/etc/ssl/cert.pem"),  # BSD
)
"""Where platforms without a trust service keep their list; the first one that is there is used."""


class UnusableAuthority(Exception):
    """What is wrong with a file of certificates, as the end of a sentence that begins with its name."""


def check_authority(file: Path, now: float | None = None) -> None:
    """Raise UnusableAuthority unless the file holds an authority that is still valid at ``now``, in Unix seconds."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(file)
    except ssl.SSLError as error:
        raise UnusableAuthority("is not a certificate in PEM form") from error
    except OSError as error:
        raise UnusableAuthority(f"cannot be read ({error.strerror})") from error
    ends = [str(one["notAfter"]) for one in context.get_ca_certs()]
    if not ends:
        raise UnusableAuthority("holds no certificate of an authority")
    last = max(ends, key=ssl.cert_time_to_seconds)
    if ssl.cert_time_to_seconds(last) < (time.time() if now is None else now):
        raise UnusableAuthority(f"expired on {last}")


def system_has_authorities(platform: str = sys.platform, lists: Sequence[Path] = SYSTEM_LISTS) -> bool:
    """Tell whether this computer knows any authorities of its own."""
    return _has_trust_service(platform) or any(path.is_file() for path in lists)


def trusted_by_system(platform: str = sys.platform, lists: Sequence[Path] = SYSTEM_LISTS) -> ssl.SSLContext:
    """Return a context that checks servers as this computer does, TLS 1.2 or newer. Raises OSError without a list."""
    context = _context(platform)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not _has_trust_service(platform):
        context.load_verify_locations(next((path for path in lists if path.is_file()), lists[0]))
    return context


def _context(platform: str) -> ssl.SSLContext:
    if not _has_trust_service(platform):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _has_trust_service(platform: str) -> bool:
    return platform in ("win32", "darwin")
