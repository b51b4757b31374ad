"""What those who run the tool ask it: whether it lives, whether it can serve, and its numbers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from lti_tool import create_app
from lti_tool.demo import prepare
from lti_tool.demo.stack import Addresses, ToolProcess, free_port
from lti_tool.extensions import db
from lti_tool.metrics import forget_dead_processes
from lti_tool.services.chores import beat
from tests.lti_tool.conftest import PUBLIC_URL, make_settings

TOKEN = "t" * 40


def get(client, path, **headers):
    return client.get(path, base_url=PUBLIC_URL, headers=headers)


def hear_of_the_worker(app, ago=timedelta(0)):
    with app.app_context():
        beat(db.session(), datetime.now(UTC) - ago)
        db.session.commit()


def test_lives_without_a_database(tmp_path):
    client = create_app(make_settings(tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none")).test_client()
    assert get(client, "/healthz").json == {"process": "ok"}
    answer = get(client, "/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "does not answer")


def test_is_ready_with_a_schema_and_a_worker(app, client):
    assert get(client, "/readyz").json == {"database": "ok", "schema": "ok", "worker": "not heard of"}
    assert get(client, "/readyz").status_code == 503
    assert get(client, "/readyz?for=requests").status_code == 200
    hear_of_the_worker(app)
    assert (get(client, "/readyz").status_code, get(client, "/readyz").json["worker"]) == (200, "ok")
    hear_of_the_worker(app, timedelta(minutes=4))
    assert get(client, "/readyz").json["worker"] == "not heard of"


def test_is_not_ready_where_the_schema_is_older(app, client):
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    try:
        answer = get(client, "/readyz?for=requests")
        assert (answer.status_code, answer.json["schema"]) == (503, "not up to date")
    finally:
        with app.app_context():
            from lti_tool.schema import newest_revision

            db.session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest_revision()})
            db.session.commit()


@pytest.mark.parametrize("authorization", [None, "", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer é"])
def test_the_numbers_are_not_public(app, make_app, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    assert get(make_app().test_client(), "/metrics", **headers).status_code == 404


def test_counters_add_up_over_all_processes_and_the_outbox_comes_from_the_database(tmp_path):
    """Two workers of a real server: however requests fall on them, the sum is right, and a restart forgets the dead."""
    addresses = Addresses(tool_port=free_port(), lms_port=free_port())
    # A process that counts itself leaves its folder in what its children inherit; this tool must not count there.
    inherited = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "of-another-tool")}
    environment = prepare.environment_for(tmp_path, addresses) | {"METRICS_TOKEN": TOKEN} | inherited
    prepare.prepare_database(environment, [], addresses)
    tool = ToolProcess(
        port=addresses.tool_port,
        environment={**os.environ, **environment},
        log=tmp_path / "tool.log",
        command=("serve", "--workers", "2"),
    )
    tool.start()
    try:
        # Whoever waited for the start asked, too.
        before = numbers_of(fetch(addresses, "/metrics", TOKEN))
        for _ in range(30):
            fetch(addresses, "/healthz")
        text = fetch(addresses, "/metrics", TOKEN)
        wrong = urllib.request.Request(f"http://127.0.0.1:{addresses.tool_port}/metrics")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(wrong, timeout=10)
    finally:
        tool.stop()
    numbers = numbers_of(text)
    answered = 'lti_tool_request_seconds_count{status="200",view="operations.is_alive"}'
    assert float(numbers[answered]) - float(before.get(answered, 0)) == 30
    assert float(numbers['lti_tool_outbox_scores{state="waiting"}']) == 0
    assert float(numbers["lti_tool_outbox_oldest_seconds"]) == 0
    assert 'lti_tool_chore_age_seconds{name="worker"}' in numbers
    assert TOKEN not in (tmp_path / "tool.log").read_text()
    folder = tmp_path / "tool" / "metrics"
    assert list(folder.glob("*.db"))
    # A worker that was killed on a busy machine takes its time.
    deadline = time.monotonic() + 30
    while list(folder.glob("*.db")) and time.monotonic() < deadline:
        time.sleep(0.1)
        forget_dead_processes(folder)
    assert not list(folder.glob("*.db"))


def test_a_process_that_nobody_buried_counts_as_dead(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
    (tmp_path / f"counter_{dead.pid}.db").touch()
    (tmp_path / f"counter_{os.getpid()}.db").touch()
    try:
        forget_dead_processes(tmp_path)
    finally:
        dead.wait()
    assert [path.name for path in tmp_path.iterdir()] == [f"counter_{os.getpid()}.db"]


def numbers_of(text):
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def fetch(addresses, path, token=""):
    request = urllib.request.Request(
        f"http://127.0.0.1:{addresses.tool_port}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()
