"""The environments a till may work in: the built-in ones, training, and those of ``environments.toml``.

The file is read strictly: what is not understood is named, never skipped.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from optty_desktop.core.environments import OPTTY_HOSTS, Environment, EnvironmentKind, RouteTemplate
from optty_desktop.core.errors import ProfileProblem

SANDBOX: Final = Environment(
    id="sandbox",
    name="Sandbox",
    kind=EnvironmentKind.SANDBOX,
    token_url="https://auth.qa.optty.com/token",  # noqa: S106 - an address, not a secret
    api_url="https://api.qa.optty.com",
    link_hosts=(OPTTY_HOSTS,),
)
"""Optty's test system (source of the hosts: docs.optty.com, Create Access Token and Refund Order)."""

LIVE: Final = replace(
    SANDBOX,
    id="live",
    name="Live",
    kind=EnvironmentKind.LIVE,
    token_url="https://auth.optty.com/token",  # noqa: S106 - an address, not a secret
    api_url="https://api.optty.com",
)
"""Real money. Like the sandbox it has no cancel-or-refund route until the shop supplies its own."""

BUILT_IN: Final = (SANDBOX, LIVE)

TRAINING_ID: Final = "training"

_LARGEST_FILE: Final = 256 * 1024


def training_environment(url: str) -> Environment:
    """Return the profile of a training server at ``url``, such as ``http://127.0.0.1:8123``."""
    base = url.rstrip("/")
    return Environment(
        id=TRAINING_ID,
        name="Training",
        kind=EnvironmentKind.TRAINING,
        token_url=f"{base}/token",
        api_url=base,
        link_hosts=("127.0.0.1",),
        cancel_or_refund=RouteTemplate("POST", "/training/links/{invoiceNumber}/cancel-or-refund"),
    )


def load_environments(file: Path) -> tuple[Environment, ...]:
    """Return the built-in environments, changed and extended by the ``[[environment]]`` entries of ``file``.

    An entry with the id of a built-in overrides only the fields it names. Without the file: the built-ins.
    Raises ProfileProblem with file, entry, line where known, and reason.
    """
    text = _read(file)
    if text is None:
        return BUILT_IN
    # Most tills have no such file: only where there is one does the start wait for what reads it.
    from optty_desktop.api.profile_file import read_profiles

    return read_profiles(file.name, text)


def _read(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
        if len(content) > _LARGEST_FILE:
            raise ProfileProblem(f"{file.name}: larger than {_LARGEST_FILE // 1024} KiB")
        return content.decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ProfileProblem(f"{file.name}: not UTF-8 text") from error
    except OSError as error:
        raise ProfileProblem(f"{file.name}: cannot be read ({error.strerror})") from error
