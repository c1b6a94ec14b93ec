"""The command line: the window, the self-test, the training server, and the relay.

Exit codes: 0 fine, 1 something did not work (said on standard error in one sentence), 2 wrong arguments.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from optty_desktop import __version__

_LAST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = _parser().parse_args(arguments)
    command: str | None = chosen.command
    if command == "training-server":
        return _training_server(chosen)
    if command == "relay":
        return _relay(chosen)
    if command == "self-test":
        return _self_test(chosen.output)
    return _window(training=chosen.training, environment_id=chosen.environment)


def _window(*, training: bool, environment_id: str | None) -> int:
    from optty_desktop.app import run_window

    return run_window(starts_in_training=training, environment_id=environment_id)


def _self_test(output: Path | None) -> int:
    from optty_desktop.self_test import run_self_test

    return run_self_test(output)


def _training_server(chosen: argparse.Namespace) -> int:
    from optty_desktop.training.command import serve
    from optty_desktop.training.switches import Automation

    try:
        serve(
            port=chosen.port,
            ledger_path=chosen.ledger,
            announce="json" if chosen.as_child else "text",
            stop_when_stdin_closes=chosen.as_child,
            shop=chosen.shop,
            automation=None if chosen.by_hand else Automation(),
        )
    except OSError as error:
        print(f"The training server cannot listen on port {chosen.port}: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


def _relay(chosen: argparse.Namespace) -> int:
    from optty_desktop.relay_commands import run_relay_command

    return run_relay_command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="optty-desktop", description="Payment links for phone orders, at the till.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--training", action="store_true", help="practise without an account")
    parser.add_argument("--environment", metavar="ID", help="preselect an environment on the sign-in window")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    test = commands.add_parser("self-test", help="drive the window through the main job in training")
    test.add_argument("--output", metavar="DIR", type=Path, help="leave a picture of each screen here")
    server = commands.add_parser("training-server", help="run the pretend Optty on this computer")
    server.add_argument("--port", metavar="N", type=_port, default=0, help="port to listen on (default: a free one)")
    server.add_argument("--by-hand", action="store_true", help="no pretend customer: pay on the hosted page")
    server.add_argument("--ledger", type=Path, help=argparse.SUPPRESS)
    server.add_argument("--shop", default="Training shop", help=argparse.SUPPRESS)
    server.add_argument("--as-child", action="store_true", help=argparse.SUPPRESS)
    _add_relay(commands.add_parser("relay", help="run the webhook relay of a shop or a chain"))
    return parser


def _add_relay(relay: argparse.ArgumentParser) -> None:
    relay.add_argument("--config", metavar="FILE", type=Path, required=True, help="the relay's TOML file")
    actions = relay.add_subparsers(dest="action", metavar="ACTION", title="beside a running relay")
    pair = actions.add_parser("pair", help="print a code that pairs one till")
    pair.add_argument("--shop", metavar="MERCHANT/SHOP", required=True, help="the shop that the till belongs to")
    pair.add_argument(
        "--till", metavar="NAME", required=True, help="what the till is called; an earlier one is replaced"
    )
    actions.add_parser("tills", help="list the paired tills: id, shop, name, time of pairing, newest audit head")
    actions.add_parser("quarantine", help="list what no till could use: time, merchant, reason, invoice number")
    actions.add_parser("revoke", help="shut a till out").add_argument("till_id", metavar="ID")
    actions.add_parser("erase", help="erase what is stored about a link").add_argument("invoice", metavar="NUMBER")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_LAST_PORT}")
    return int(text)
