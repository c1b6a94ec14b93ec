"""What the relay's commands take. Apart from what they do, so that the start of the window does not load a server."""

import argparse
from pathlib import Path


def add_relay_arguments(relay: argparse.ArgumentParser) -> None:
    """Add the relay's file, and what can be asked for beside a running relay."""
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
