"""A till that was set up from the sample export does the real thing: it cancels and refunds over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from optty_desktop.api.environments import SANDBOX, load_environments
from optty_desktop.api.gateway import HttpGateway
from optty_desktop.api.postman_import import propose, read_export
from optty_desktop.api.profile_writing import write_profile
from optty_desktop.api.transport import HttpTransport
from optty_desktop.core.environments import Credentials
from optty_desktop.core.links import LinkState
from optty_desktop.training.server import TrainingServer
from tests.api.postman import NOON, written
from tests.api.test_against_training import order
from tests.fakes import FakeClock

SAMPLES = Path(__file__).parent / "samples"
COLLECTION = SAMPLES / "optty-direct.postman_collection.json"
ENVIRONMENT = SAMPLES / "optty-direct.postman_environment.json"

LAB = replace(
    SANDBOX,
    id="lab",
    name="Lab",
    token_url="http://127.0.0.1/token",
    api_url="http://127.0.0.1",
    link_hosts=("127.0.0.1",),
)


@pytest.fixture
def server() -> Iterator[TrainingServer]:
    """Return a running training server."""
    with TrainingServer() as running:
        yield running


def environment_of(server: TrainingServer) -> str:
    """The sample's environment export, filled in as a merchant would."""
    values = {"auth_url": server.url, "base_url": server.url}
    values |= {"client_id": server.client_id, "client_secret": server.client_secret}
    document = json.loads(ENVIRONMENT.read_text(encoding="utf-8"))
    for variable in document["values"]:
        variable["value"] = values[variable["key"]]
    return json.dumps(document)


async def test_a_till_that_was_set_up_by_import_cancels_and_refunds(
    server: TrainingServer, tmp_path: Path, transport: HttpTransport
) -> None:
    file = tmp_path / "environments.toml"
    found = propose(read_export([COLLECTION, *written(tmp_path, environment_of(server))], NOON), LAB)
    write_profile(file, found.after)
    lab = next(one for one in load_environments(file) if one.id == "lab")
    assert lab.imported == found.source
    assert server.client_secret not in file.read_text(encoding="utf-8")

    credentials = Credentials(found.credentials.client_id, found.credentials.client_secret)
    gateway = HttpGateway(lab, credentials, transport, FakeClock())
    await gateway.sign_in()
    await gateway.create_link(gateway.create_body(order("T1-0001")))
    assert (await gateway.cancel_or_refund("T1-0001")).state is LinkState.CANCELLED
    paid = await gateway.create_link(gateway.create_body(order("T1-0002")))
    server.customer.pay("T1-0002")
    assert (await gateway.cancel_or_refund("T1-0002")).state is LinkState.REFUNDED
    assert paid.order_reference is not None
    assert (await gateway.read_order(paid.order_reference)).state is LinkState.REFUNDED
    await transport.close()
