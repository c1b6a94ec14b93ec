"""Testing the connection goes by the session: its credentials, its profile."""

from __future__ import annotations

from optty_desktop.core.errors import NotSent, Trouble
from optty_desktop.core.probes import ProbeLine, ProbeSign, ProbeStep
from optty_desktop.till.test_connection import ConnectionTest
from tests.fakes import FakeLineProbe, session


async def test_the_gateway_of_the_session_is_tried_and_every_step_told() -> None:
    till, probe = session(), FakeLineProbe()
    probe.failure = ProbeLine(ProbeStep.TLS, ProbeSign.FAILED, "auth.example", NotSent(Trouble.TLS))
    lines = await ConnectionTest(till, probe).run()
    assert probe.gateways == [till.gateway]
    assert probe.failure in lines
    assert [line.sign for line in lines].count(ProbeSign.FAILED) == 1
