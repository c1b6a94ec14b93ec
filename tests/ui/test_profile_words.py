"""Every rule and every step has words of its own."""

from __future__ import annotations

import pytest

from optty_desktop.core.probes import ProbeLine, ProbeSign, ProbeStep
from optty_desktop.core.profile_changes import ProfileField
from optty_desktop.core.profile_rules import Rule
from optty_desktop.ui.probe_words import line_words, step_words
from optty_desktop.ui.profile_words import field_words, problem_words


def test_no_two_rules_fields_or_steps_are_told_alike() -> None:
    # Whoever is signed in cannot change an id: that rule needs no words of its own.
    rules = [problem_words(rule) for rule in Rule if rule is not Rule.ID]
    for told in (rules, [field_words(field) for field in ProfileField], [step_words(step) for step in ProbeStep]):
        assert all(told)
        assert len(set(told)) == len(told)


@pytest.mark.parametrize("step", ProbeStep)
def test_a_step_that_failed_for_no_known_reason_still_says_what_to_do(step: ProbeStep) -> None:
    said = line_words(ProbeLine(step, ProbeSign.FAILED, "api.shop.example"), "Live")
    assert said.startswith(f"{step_words(step)}: no. ")
    assert len(said) > len(step_words(step)) + 10
