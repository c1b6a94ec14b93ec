"""``optty-desktop pair``: pairs this till with the shop's relay without a window, for administrators.

The code comes from the keyboard or from standard input, never from the arguments, where every process could read it.
"""

import asyncio
import io
import sys
from functools import partial

from optty_desktop import __version__
from optty_desktop.audit_command import audit_file
from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, ProfileProblem
from optty_desktop.core.pairing_text import NoCode, read_code, read_link
from optty_desktop.desktop_proxy import desktop_proxy
from optty_desktop.hints.relay_door import RelayDoor
from optty_desktop.relay_client import relay_client
from optty_desktop.shop_files import ShopFiles, read_shop_files
from optty_desktop.system.clock import SystemClock
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.paths import AppPaths
from optty_desktop.till.pair_relay import PairRelay
from optty_desktop.till.session import TillIdentity
from optty_desktop.ui.relay_words import failure_words
from optty_desktop.way_out import WayOut


def run_pair(url: str, environment_id: str, *, keychain: OsKeychain | None = None) -> int:
    """Ask for the code and pair; return the exit code: 0 paired, 1 not, 2 no such environment. ``url`` is checked."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names at the relay may not fit a narrow terminal
    try:
        return _run(url, environment_id, keychain or OsKeychain())
    except (ProfileProblem, NoCode) as problem:
        print(f"Nothing was paired: {problem}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nNothing was paired.", file=sys.stderr)
    except AppError as error:
        print(f"{failure_words(error, environment_id, url)}.", file=sys.stderr)
    return 1


def _run(url: str, environment_id: str, keychain: OsKeychain) -> int:
    paths = AppPaths.of_this_person()
    files = read_shop_files(paths)
    environment = next((one for one in files.environments if one.id == environment_id), None)
    if environment is None:
        names = ", ".join(one.id for one in files.environments) or "none"
        print(f"There is no such environment to pair; this till knows {names}.", file=sys.stderr)
        return 2
    verb = _verb(paths, files, environment, keychain, url)
    pairing = asyncio.run(verb.pair(url, _typed_code(url)))
    print(f"Paired as {pairing.name} of {pairing.shop}. A window that is open uses it from the next sign-in.")
    return 0


def _verb(paths: AppPaths, files: ShopFiles, environment: Environment, keychain: OsKeychain, url: str) -> PairRelay:
    way_out = WayOut(files.network, keychain, partial(desktop_proxy, url))
    door = RelayDoor(relay_client(way_out, f"optty-desktop/{__version__}"))
    identity = TillIdentity(files.till.shop, files.till.name, files.till.name, files.till.operator)
    return PairRelay(environment, identity, door, keychain, audit_file(paths), SystemClock())


def _typed_code(url: str) -> str:
    """The code as a person types it or a scanner reads it. Raises NoCode, also where there is nobody to ask."""
    if sys.stdin.isatty():
        print("Pairing code: ", end="", file=sys.stderr, flush=True)
    typed = sys.stdin.readline()
    link = read_link(typed)
    if link is None:
        return read_code(typed)
    if link.url != url:
        raise NoCode("this link is for another relay")
    return link.code
