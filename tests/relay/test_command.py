"""``optty-desktop relay`` as a shell uses it: started, stopped, asked, and what it writes down."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp

from optty_desktop.cli import main
from optty_desktop.relay.schema import FILE_NAME
from optty_desktop.relay_commands import main as relay_main
from tests.relay.conftest import ENGINES
from tests.relay.nats_server import NatsServer
from tests.relay.room import body_of, bytes_kept
from tests.relay.test_config_file import GOOD, SECRET
from tests.source_tree import ROOT

CANARY = "ada.lovelace@example.com"
LIMIT = 20.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a relay's file that listens on a free port."""
    path = tmp_path / "relay.toml"
    path.write_text(GOOD.replace(":8787", ":0"))
    path.chmod(0o600)
    return path


@pytest.fixture(params=ENGINES)
def any_file(request: pytest.FixtureRequest, file: Path) -> Path:
    """Write a relay's file for each engine."""
    if request.param == "jetstream":
        server: NatsServer = request.getfixturevalue("nats")
        table = f'engine = {{ kind = "jetstream", servers = ["{server.url}"], replicas = 1 }}'
        file.write_text(file.read_text().replace('data = "data"', table))
    return file


class Process:
    """A relay started from the shell."""

    def __init__(self, file: Path, *, without_qt: bool = False) -> None:
        blocked = "import sys; sys.modules['PySide6'] = None; from optty_desktop.cli import main; sys.exit(main())"
        program = ["-c", blocked] if without_qt else ["-m", "optty_desktop"]
        self.popen = subprocess.Popen(
            [sys.executable, "-W", "error", *program, "relay", "--config", str(file)],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.popen.stdout is not None
        self.first_line = self.popen.stdout.readline()
        self.port = int(self.first_line.rpartition(":")[2] or 0)

    def ask(self, method: str, path: str, body: bytes = b"", token: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def end(self, number: signal.Signals = signal.SIGTERM) -> list[dict[str, object]]:
        """Stop it in order; return its log."""
        self.popen.send_signal(number)
        _, log = self.popen.communicate(timeout=LIMIT)
        assert self.popen.returncode == 0
        return [json.loads(line) for line in log.splitlines()]


@pytest.fixture
def start(file: Path) -> Iterator[type[Process]]:
    started: list[Process] = []

    class Kept(Process):
        def __init__(self, file: Path = file, **options: bool) -> None:
            super().__init__(file, **options)
            started.append(self)

    yield Kept
    for process in started:
        process.popen.kill()
        process.popen.communicate()


def run(file: Path, *arguments: str) -> int:
    return main(["relay", "--config", str(file), *arguments])


def code_of(said: str) -> str:
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", said)
    assert found
    return found.group()


def test_a_day_of_a_relay(start: type[Process], any_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = any_file
    relay = start(file, without_qt=True)
    assert relay.first_line.startswith("The relay listens on http://127.0.0.1:")
    assert run(file, "pair", "--shop", "corner-store/main-street", "--till", "Till 1") == 0
    code = code_of(capsys.readouterr().out)
    status, text = relay.ask("POST", "/v1/pair", json.dumps({"code": code}).encode())
    till = json.loads(text)
    assert status == 200
    assert relay.ask("POST", f"/h/corner-store/{SECRET}", body_of("TILL1-1", email=CANARY))[0] == 200
    assert relay.ask("POST", f"/h/corner-store/{SECRET}", b"no JSON " + CANARY.encode())[0] == 200
    assert relay.ask("POST", f"/h/corner-store/{SECRET}", b"{}")[0] == 200
    assert relay.ask("POST", f"/h/corner-store/{SECRET[:-1]}", b"{}")[0] == 404
    status, text = relay.ask("GET", f"/v1/events?after={till['head']}&wait=0", token=till["token"])
    assert "TILL1-1" in text
    head = json.dumps({"position": 7, "digest": "ab" * 32}).encode()
    assert relay.ask("POST", "/v1/heads", head, till["token"])[0] == 200
    assert run(file, "tills") == 0
    facts = capsys.readouterr().out.rstrip("\n").split("\t")
    assert facts[:3] == [till["till"], "corner-store/main-street", "Till 1"]
    assert facts[4] == "7 " + "ab" * 32
    assert relay.ask("GET", "/healthz") == (200, '{"status":"ok"}')
    assert 'optty_relay_notices_total{result="stored"} 1' in relay.ask("GET", "/metrics")[1]
    assert run(file, "quarantine") == 0
    assert [line.split("\t")[1:] for line in capsys.readouterr().out.splitlines()] == [
        ["corner-store", "not JSON", "-"],
        ["corner-store", "no invoice number", "-"],
    ]
    assert run(file, "erase", "TILL1-1") == 0
    assert capsys.readouterr().out == "Erased: 1\n"
    assert run(file, "revoke", till["till"]) == 0
    assert capsys.readouterr().out == "Till 1 is shut out.\n"
    assert relay.ask("GET", "/v1/head", token=till["token"])[0] == 401
    log = relay.end()
    assert [line["event"] for line in log] == ["started", "till paired", "hint", "quarantine", "quarantine", "stopped"]
    written = json.dumps(log)
    for secret in (SECRET, SECRET[:-1], CANARY, till["token"], code, till["signing_key"], "/h/", "TILL1-1"):
        assert secret not in written


def with_address(file: Path, address: str = "https://relay.example.com/") -> Path:
    file.write_text(f'address = "{address}"\n' + file.read_text())
    return file


def test_a_code_comes_with_a_link_where_the_address_is_known(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("pair", "--shop", "corner-store/main-street", "--till", "Till 1")
    assert run(file, *arguments) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert run(with_address(file), *arguments) == 0
    said, link = capsys.readouterr().out.splitlines()
    assert link == f"To paste or scan at the till: optty-relay:https://relay.example.com/?code={code_of(said)}"


def test_on_a_terminal_the_link_is_drawn_black_on_white(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run(with_address(file), "pair", "--shop", "corner-store/main-street", "--till", "Till 1") == 0
    link, *drawn = capsys.readouterr().out.splitlines()[1:]
    rows = [re.fullmatch("\x1b\\[97;40m([ █▀▄]+)\x1b\\[0m", line) for line in drawn]
    halves = [{" ": (0, 0), "█": (1, 1), "▀": (1, 0), "▄": (0, 1)}[one] for row in rows if row for one in row[1]]
    width = len(drawn[0]) - len("\x1b[97;40m\x1b[0m")
    assert len(halves) == width * len(drawn)
    lines = [
        [255 * half[part] for half in halves[at : at + width]] for at in range(0, len(halves), width) for part in (0, 1)
    ]
    # Each module as nine points: a reader needs more than one of each.
    pixels = bytes(shade for line in lines for _ in range(3) for shade in line for _ in range(3))
    picture = memoryview(pixels).cast("B", (3 * len(lines), 3 * width))
    assert zxingcpp.read_barcodes(picture)[0].text == link.removeprefix("To paste or scan at the till: ")


@pytest.mark.parametrize("address", ["http://relay.example.com", "https://relay.example.com/h/x", ""])
def test_an_address_that_no_till_may_use_is_named(file: Path, capsys: pytest.CaptureFixture[str], address: str) -> None:
    assert run(with_address(file, address), "tills") == 1
    assert "relay.toml: address" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_in_order_and_leave_one_whole_file(
    start: type[Process], file: Path, number: signal.Signals
) -> None:
    relay = start(file)
    relay.ask("POST", f"/h/corner-store/{SECRET}", body_of("TILL1-1"))
    relay.end(number)
    assert sorted(path.name for path in (file.parent / "data").iterdir()) == ["relay.mark", FILE_NAME]
    assert b"TILL1-1" in bytes_kept(file.parent / "data")


def test_a_notice_that_is_being_sent_is_finished_before_the_end(start: type[Process], file: Path) -> None:
    relay = start(file)
    body = body_of("TILL1-1")
    head = f"POST /h/corner-store/{SECRET} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", relay.port), timeout=LIMIT) as connection:
        connection.sendall(head + body[:10])
        relay.ask("GET", "/healthz")  # by now it has read the head
        relay.popen.send_signal(signal.SIGTERM)
        connection.sendall(body[10:])
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
    relay.popen.communicate(timeout=LIMIT)
    assert b"TILL1-1" in bytes_kept(file.parent / "data")


def test_what_an_administrator_asks_for_in_vain_is_one_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in (
        (("revoke", "nobody"), "There is no till nobody.\n"),
        (
            ("pair", "--shop", "corner-store", "--till", "Till 1"),
            "There is no shop corner-store in the relay's file."
            " It has corner-store/main-street, corner-store/side-street.\n",
        ),
        (
            ("pair", "--shop", "corner-store/main-street", "--till", "x" * 41),
            "The name of a till has 1 to 40 characters.\n",
        ),
    ):
        assert run(file, *arguments) == 1
        assert capsys.readouterr().err == said


def test_a_file_that_cannot_be_used_is_one_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("listn = 1")
    assert run(file) == 1
    assert capsys.readouterr().err == f"{file}: unknown key listn\n"


def test_a_port_that_is_taken_is_one_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        file.write_text(GOOD.replace(":8787", f":{port}"))
        assert run(file) == 1
    assert capsys.readouterr().err.startswith(f"The relay cannot listen on 127.0.0.1 port {port}: ")


@pytest.mark.parametrize("content", [b"no database at all", b"x" * 9000])
def test_a_store_that_cannot_be_opened_is_one_sentence(
    file: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (file.parent / "data").mkdir()
    (file.parent / "data" / FILE_NAME).write_bytes(content)
    assert run(file) == 1
    said = f"The relay's store in {file.parent / 'data'} cannot be opened: file is not a database."
    assert capsys.readouterr().err.splitlines()[-1] == said
    assert (file.parent / "data" / FILE_NAME).read_bytes() == content


def test_a_certificate_that_is_none_is_one_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file.parent / "x.pem").write_text("none")
    file.write_text(
        GOOD.replace(":8787", ":0").replace('data = "data"', 'data = "data"\ncertificate = "x.pem"\nkey = "x.pem"')
    )
    assert run(file) == 1
    assert "The certificate and its key cannot be used together.\n" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["relay"], ["relay", "--config"], ["relay", "--config", "x", "fly"]])
def test_wrong_arguments_are_told_apart(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_the_packed_relay_takes_the_same_commands(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert relay_main(["--config", str(file), "pair", "--shop", "corner-store/main-street", "--till", "Till 1"]) == 0
    assert capsys.readouterr().out.startswith("Pairing code of Till 1")
    assert relay_main(["--config", str(file.with_name("gone.toml")), "tills"]) == 1
    with pytest.raises(SystemExit) as ended:
        relay_main(["--config", str(file), "fly"])
    assert ended.value.code == 2


def test_the_service_unit_starts_the_packed_relay() -> None:
    unit = (ROOT / "packaging" / "linux" / "optty-relay.service").read_text()
    assert "ExecStart=/usr/bin/optty-relay --config /etc/optty-relay/relay.toml\n" in unit
