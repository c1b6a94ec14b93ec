"""The words for each step of a test of the connection."""

from optty_desktop.core.errors import RouteMissing, ScopeRefused
from optty_desktop.core.probes import ProbeLine, ProbeSign, ProbeStep
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

_LONGEST_HOST = 120


def step_words(step: ProbeStep) -> str:
    """What a step is called."""
    words = {
        ProbeStep.NAME: tr("Name of the service found"),
        ProbeStep.CONNECTION: tr("Connection taken"),
        ProbeStep.PROXY: tr("Let through by the proxy"),
        ProbeStep.TLS: tr("Connection safe"),
        ProbeStep.CREDENTIALS: tr("ID and secret accepted"),
        ProbeStep.READING: tr("Account may read orders"),
    }
    return words[step]


def line_words(line: ProbeLine, environment: str) -> str:
    """What a line says: the step, and where it failed, what to do about it."""
    step = step_words(line.step)
    if line.sign is ProbeSign.FAILED:
        return tr("{step}: no. {what}", step=step, what=failure_words(line, environment))
    if line.sign is ProbeSign.NOT_REACHED:
        return tr("{step}: not tested", step=step)
    return step


def failure_words(line: ProbeLine, environment: str) -> str:
    """What is so and what to do, for a line that failed."""
    host = harmless(line.host, _LONGEST_HOST)
    if line.step is ProbeStep.NAME:
        return tr("Nobody knows {host}. Check the address, then the network cable or Wi-Fi", host=host)
    if line.step is ProbeStep.CONNECTION:
        return tr("{host} does not answer. Check the network cable or Wi-Fi, then try again", host=host)
    if line.step is ProbeStep.READING and isinstance(line.error, ScopeRefused):
        return tr("Statuses cannot be checked with this account. Ask whoever manages your payment account")
    if line.step is ProbeStep.READING and isinstance(line.error, RouteMissing):
        return tr("{host} answers, but knows no orders. Check the API address", host=host)
    if line.error is None:
        return tr("Try again in a minute")
    return sentence(line.error, Doing.SIGN_IN, environment=environment).text
