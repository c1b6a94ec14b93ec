"""The command line: the window as it is asked for, and the commands that need none."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from optty_desktop import __version__
from optty_desktop.relay_arguments import add_relay_arguments

_LAST_PORT = 65535
_ENVIRONMENT_ID = re.compile(r"[a-z0-9-]{1,32}")
_MOST_FILES = 2


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Raises SystemExit for arguments that are none."""
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    return run(chosen)


def _window(chosen: argparse.Namespace) -> int:
    from optty_desktop.app import run_window

    return run_window(starts_in_training=chosen.training, environment_id=chosen.environment)


def _self_test(chosen: argparse.Namespace) -> int:
    from optty_desktop.self_test import run_self_test

    return run_self_test(chosen.output)


def _export(chosen: argparse.Namespace) -> int:
    from optty_desktop.export_command import run_export

    return run_export(chosen.file, chosen.environment, with_contacts=chosen.with_contacts)


def _diagnose(chosen: argparse.Namespace) -> int:
    from optty_desktop.diagnose import run_diagnose

    return run_diagnose(chosen.output)


def _audit(chosen: argparse.Namespace) -> int:
    from optty_desktop.audit_command import run_audit

    return run_audit(only_verify=chosen.verify)


def _import(chosen: argparse.Namespace) -> int:
    from optty_desktop.import_command import run_import

    return run_import(chosen.files, chosen.environment, agreed=chosen.yes)


def _pair(chosen: argparse.Namespace) -> int:
    from optty_desktop.pair_command import run_pair

    return run_pair(chosen.address, chosen.environment)


def _update(chosen: argparse.Namespace) -> int:
    from optty_desktop.update_command import run_update

    return run_update(stage=chosen.stage)


def _proxy_password(_chosen: argparse.Namespace) -> int:
    from optty_desktop.proxy_password import keep_proxy_password
    from optty_desktop.system.keychain import OsKeychain
    from optty_desktop.system.paths import AppPaths

    return keep_proxy_password(AppPaths.of_this_person(), OsKeychain())


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
    from importlib.util import find_spec

    # The packed desktop program leaves the server out.
    if find_spec("optty_desktop.relay_commands") is None:
        print("The relay is a program of its own: install optty-relay and use that.", file=sys.stderr)
        return 1
    from optty_desktop.relay_commands import run_relay_command

    return run_relay_command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="optty-desktop", description="Payment links for phone orders, at the till.")
    parser.set_defaults(run=_window)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--training", action="store_true", help="practise without an account")
    parser.add_argument("--environment", metavar="ID", help="preselect an environment on the sign-in window")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what)
        added.set_defaults(run=run)
        return added

    _add_self_test(command("self-test", _self_test, "drive the window through the main job in training"))
    _add_import(command("import", _import, "take the routes of an environment from a Postman export"))
    _add_export(command("export", _export, "write the record of an environment to a file"))
    _add_diagnose(command("diagnose", _diagnose, "print what support needs to know; no secrets, no customer data"))
    _add_audit(command("audit", _audit, "print what was done to the settings of this till, and verify that record"))
    _add_update(command("update", _update, "say whether a newer version is announced; it is never installed by itself"))
    command("proxy-password", _proxy_password, "keep the password of the network's proxy in the keychain")
    _add_pair(command("pair", _pair, "pair this till with the shop's relay; the code is asked for"))
    _add_training_server(command("training-server", _training_server, "run the pretend Optty on this computer"))
    add_relay_arguments(command("relay", _relay, "run the webhook relay of a shop or a chain"))
    return parser


def _add_self_test(test: argparse.ArgumentParser) -> None:
    test.add_argument("--output", metavar="DIR", type=Path, help="leave a picture of each screen here")


def _add_import(taking: argparse.ArgumentParser) -> None:
    taking.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", action=_OneOrTwo, help="the collection, and its environment"
    )
    taking.add_argument("--environment", metavar="ID", required=True, help="whose routes they are, such as sandbox")
    taking.add_argument("--yes", action="store_true", help="write without asking")


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("file", metavar="FILE", type=Path, help="the file to make: one record a line, as JSON")
    export.add_argument("--environment", metavar="ID", type=_environment_id, required=True, help="whose record")
    export.add_argument("--with-contacts", action="store_true", help="with e-mail addresses and phone numbers")


def _add_diagnose(diagnose: argparse.ArgumentParser) -> None:
    diagnose.add_argument("--output", metavar="FILE", type=Path, help="write it to this file instead")


def _add_pair(pair: argparse.ArgumentParser) -> None:
    pair.add_argument(
        "address", metavar="ADDRESS", type=_relay_address, help="the relay's, such as https://relay.example.com"
    )
    pair.add_argument(
        "--environment", metavar="ID", type=_environment_id, default="live", help="for which one (default: live)"
    )


def _add_audit(audit: argparse.ArgumentParser) -> None:
    audit.add_argument("--verify", action="store_true", help="verify only, and print no entries")


def _add_update(update: argparse.ArgumentParser) -> None:
    update.add_argument("--stage", action="store_true", help="fetch its package for an administrator, and check it")


def _add_training_server(server: argparse.ArgumentParser) -> None:
    server.add_argument("--port", metavar="N", type=_port, default=0, help="port to listen on (default: a free one)")
    server.add_argument("--by-hand", action="store_true", help="no pretend customer: pay on the hosted page")
    server.add_argument("--ledger", type=Path, help=argparse.SUPPRESS)
    server.add_argument("--shop", default="Training shop", help=argparse.SUPPRESS)
    server.add_argument("--as-child", action="store_true", help=argparse.SUPPRESS)


class _OneOrTwo(argparse.Action):
    """A collection, alone or with an environment."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        """Take the files, or end with what is wrong."""
        if isinstance(values, list) and len(values) > _MOST_FILES:
            parser.error("an import takes one collection and at most one environment")
        setattr(namespace, self.dest, values)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_LAST_PORT}")
    return int(text)


def _relay_address(text: str) -> str:
    from optty_desktop.core.pairing_text import LINK_SCHEME, read_address

    if text.lower().startswith(LINK_SCHEME):
        raise argparse.ArgumentTypeError("a pairing link holds the code: give the address alone, the code is asked for")
    try:
        return read_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _environment_id(text: str) -> str:
    if not _ENVIRONMENT_ID.fullmatch(text):
        raise argparse.ArgumentTypeError("an environment id holds 1 to 32 of a-z, 0-9 and -")
    return text
