"""Safety lines of the wire, as in ``mutants``: what each becomes when it is taken out, and who must notice."""

from __future__ import annotations

from tests.faults.mutants import Mutant

LINES, BOUNDS = "tests/faults/test_http_lines.py", "tests/faults/test_http_bounds.py"
TEXT, RETRIES = "tests/faults/test_http_text.py", "tests/faults/test_retries.py"
CUT = "tests/faults/test_cut_money_calls.py"
CLIENTS, TRANSPORT, GATEWAY = "api/http_clients.py", "api/transport.py", "api/gateway.py"
JSON, LINKS, AUTH = "api/strict_json.py", "api/link_check.py", "api/auth.py"

HTTP_MUTANTS = (
    Mutant("the environment is obeyed", CLIENTS, "trust_env=False", "trust_env=True", LINES, "H2"),
    Mutant(
        "certificates are not checked",
        TRANSPORT,
        "    context.load_verify_locations(certifi",
        "    context.check_hostname = False\n    context.verify_mode = 0\n    context.load_verify_locations(certifi",
        LINES,
        "H2",
    ),
    Mutant("no deadline for the whole", TRANSPORT, "asyncio.timeout(deadline)", "asyncio.timeout(3)", BOUNDS, "H4"),
    Mutant(
        "unpacking without a limit",
        "api/bounded_body.py",
        "decompress(chunk, LARGEST_BODY + 1 - len(body))",
        "decompress(chunk)",
        BOUNDS,
        "H5",
    ),
    Mutant("keys may stand twice", JSON, "if len(result) != len(pairs):", "if False:", TEXT, "H6"),
    Mutant("NaN is a number", JSON, "parse_constant=_refuse,", "", TEXT, "H6"),
    Mutant("any depth", JSON, "DEEPEST: Final = 32", "DEEPEST: Final = 900", TEXT, "H6"),
    Mutant("half characters are texts", JSON, "            _check_text(part)", "            pass", TEXT, "H6"),
    Mutant("any content type", "api/answers.py", "    if not _is_json(answer):", "    if False:", TEXT, "H6"),
    Mutant("another link's answer", "api/wire.py", "            _check_echo(layer, asked)\n", "", TEXT, "H6"),
    Mutant("any host", LINKS, "if not _is_listed(host, environment):", "if False:", TEXT, "H8"),
    Mutant("any ending", LINKS, 'f".{host}".endswith(OPTTY_HOSTS)', 'host.endswith("optty.com")', TEXT, "H8"),
    Mutant("slashes in values", "core/routes.py", 'quote(value, safe="")', "quote(value)", TEXT, "H9"),
    Mutant("any token", AUTH, " or not _TOKEN.fullmatch(token)", "", TEXT, "H9"),
    Mutant(
        "everybody fetches a token",
        AUTH,
        "        async with slot.lock:\n            if self._is_fresh(slot):\n",
        "        async with slot.lock:\n            if False:\n",
        LINES,
        "H11",
    ),
    Mutant(
        "a 401 is never answered",
        GATEWAY,
        "        if answer.status != 401:\n            return answer\n",
        "        return answer\n",
        LINES,
        "H11",
    ),
    Mutant(
        "a reset counts as not sent",
        "api/http_failures.py",
        "    httpx.ProxyError,\n)",
        "    httpx.ProxyError,\n    httpx.RemoteProtocolError,\n)",
        CUT,
        "cut_money_call",
    ),
    Mutant(
        "money on a kept connection",
        CLIENTS,
        "self._keeping if kind is CallKind.READ else self._fresh",
        "self._keeping",
        CUT,
        "cut_money_call",
    ),
    Mutant("all try at once", "till/line.py", "else 30.0, 2.0 **", "else 2.0, 2.0 **", RETRIES, "L6"),
)
