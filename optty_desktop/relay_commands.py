"""``optty-desktop relay``: the server, and what an administrator asks of it in a terminal.

Packed as a program of its own, ``optty-relay``, for servers without a window.
"""

import argparse
import io
import sys
from collections.abc import Sequence
from typing import Final

from optty_desktop import __version__
from optty_desktop.core.pairing_text import pairing_link
from optty_desktop.relay import command
from optty_desktop.relay.config import ConfigProblem, RelayConfig
from optty_desktop.relay.config_file import load_config
from optty_desktop.relay.problems import RelayProblem
from optty_desktop.relay.tills import CODE_SECONDS
from optty_desktop.relay_arguments import add_relay_arguments

_WHITE_ON_BLACK: Final = "\x1b[97;40m"
_PLAIN: Final = "\x1b[0m"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``optty-relay`` and return its exit code: 0 fine, 1 said in one sentence, 2 wrong arguments."""
    parser = argparse.ArgumentParser(prog="optty-relay", description="The webhook relay of a shop or a chain.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    add_relay_arguments(parser)
    return run_relay_command(parser.parse_args(arguments))


def run_relay_command(chosen: argparse.Namespace) -> int:
    """Do what the arguments ask for and return the exit code."""
    try:
        config = load_config(chosen.config)
        _run(config, chosen)
    except (ConfigProblem, RelayProblem) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _run(config: RelayConfig, chosen: argparse.Namespace) -> None:
    match chosen.action:
        case "pair":
            code = command.new_pairing_code(config, chosen.shop, chosen.till)
            print(f"Pairing code of {chosen.till}, good for one pairing within {CODE_SECONDS // 60} minutes: {code}")
            if config.address:
                _show_link(pairing_link(config.address, code))
        case "tills":
            for line in command.paired_tills(config):
                print(line)
        case "quarantine":
            for line in command.quarantine(config):
                print(line)
        case "revoke":
            print(f"{command.revoke(config, chosen.till_id)} is shut out.")
        case "erase":
            print(f"Erased: {command.erase(config, chosen.invoice)}")
        case _:
            command.serve(config, sys.stderr, announce=lambda url: print(f"The relay listens on {url}", flush=True))


def _show_link(link: str) -> None:
    """Address and code in one text, to be pasted at the till; on a screen as a QR code for its scanner, too."""
    print(f"To paste or scan at the till: {link}")
    if not sys.stdout.isatty() or not _can_draw():
        return
    import segno

    drawn = io.StringIO()
    segno.make(link, micro=False).terminal(drawn, compact=True)
    # With its own colours: drawn in those of a light terminal it would be a negative, which not every scanner reads.
    for line in drawn.getvalue().splitlines():
        print(f"{_WHITE_ON_BLACK}{line}{_PLAIN}")


def _can_draw() -> bool:
    """Whether this terminal has the halves of blocks that a code is drawn with."""
    try:
        "█▀▄".encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
