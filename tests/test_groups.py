"""Tests that share servers stay on one worker."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("canary")
def test_the_versions_of_pytest_and_xdist_know_groups(request: pytest.FixtureRequest) -> None:
    # xdist sends a group's name at the end of the id; where that is lost, groups are spread over all workers.
    assert request.node.nodeid.endswith("@canary") == request.config.getoption("loadgroup", False)
