"""Launches per second (login and launch, durable, single use, bound), beside what the machine could do at most."""

from __future__ import annotations

import http.client
import json
import sqlite3
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.demo import prepare
from lti_tool.demo.stack import Addresses, ToolProcess, free_port
from lti_tool.extensions import db
from lti_tool.models import KeySet, Registration
from tests.bench.table import median_rate, print_head, print_row

CLIENTS = 8
LAUNCHES = 400
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


def run(options: Sequence[str] = ()) -> None:
    """Measure the limits, then the tool on its production server."""
    print_head()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    verifications = median_rate(lambda: _verify(key))
    print_row("RS256 verifications, one thread", verifications)
    with tempfile.TemporaryDirectory() as folder:
        print_row("durable SQLite commits, one thread", median_rate(lambda: _commit(Path(folder) / "commits.db")))
        addresses = Addresses(tool_port=free_port(), lms_port=free_port())
        packages = prepare.build_course(Path(folder) / "packages")
        environment = prepare.environment_for(Path(folder), addresses)
        prepare.prepare_database(environment, packages, addresses)
        _store_key_set(environment, key)
        tool = ToolProcess(port=addresses.tool_port, environment=environment, log=Path(folder) / "tool.log")
        tool.start()
        try:
            hello = median_rate(lambda: _in_parallel(addresses, _fetch_keys, LAUNCHES))
            print_row("answers without a database write (our key set), same server and clients", hello)
            launch = _Launcher(addresses, key)
            _in_parallel(addresses, launch, 40)
            print_row(
                "launches (two requests each)",
                median_rate(lambda: _in_parallel(addresses, launch, LAUNCHES)),
                hello / 2,
            )
        finally:
            tool.stop()


def _verify(key: rsa.RSAPrivateKey) -> int:
    token = jwt.encode({"sub": "1", "exp": time.time() + 600}, key, algorithm="RS256")
    public = key.public_key()
    for _ in range(1000):
        jwt.decode(token, public, algorithms=["RS256"])
    return 1000


def _commit(path: Path) -> int:
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS t (x TEXT)")
        for _ in range(300):
            connection.execute("INSERT INTO t VALUES ('x')")
    connection.close()
    return 300


def _store_key_set(environment: dict[str, str], key: rsa.RSAPrivateKey) -> None:
    """Put the platform's public key where the tool keeps fetched ones: fetching is not what is measured."""
    jwk = json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "bench", "alg": "RS256", "use": "sig"}
    with application(Settings.from_environment(environment)):
        registration = db.session.scalars(select(Registration)).one()
        now = datetime.now(UTC)
        row = KeySet(
            registration_id=registration.id,
            url=registration.key_set_url,
            body={"keys": [jwk]},
            fetched_at=now,
            attempted_at=now,
        )
        db.session.merge(row)
        db.session.commit()


def _in_parallel(addresses: Addresses, work, count: int) -> int:
    """Do ``work`` ``count`` times over a few connections; every failure is raised."""
    failures: list[BaseException] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", addresses.tool_port, timeout=30)
        try:
            for _ in range(count // CLIENTS):
                work(connection)
        except BaseException as error:  # noqa: BLE001  (carried to the main thread)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return count // CLIENTS * CLIENTS


def _fetch_keys(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/lti/keys")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, answer.status


class _Launcher:
    """A platform and a browser in one: logs in, signs, launches."""

    def __init__(self, addresses: Addresses, key: rsa.RSAPrivateKey) -> None:
        self.addresses = addresses
        self.key = key
        self.target = f"{addresses.tool}/lti/launch?module=m1-readiness"

    def __call__(self, connection: http.client.HTTPConnection) -> None:
        form = {
            "iss": self.addresses.lms,
            "client_id": prepare.CLIENT_ID,
            "login_hint": "x",
            "target_link_uri": self.target,
        }
        status, headers = self._post(connection, "/lti/login", form, {"Sec-Fetch-Dest": "document"})
        assert status in (302, 303), status
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(headers["Location"]).query))
        cookie = headers["Set-Cookie"].split(";")[0]
        token = jwt.encode(self._claims(query["nonce"]), self.key, algorithm="RS256", headers={"kid": "bench"})
        form = {"id_token": token, "state": query["state"]}
        status, headers = self._post(connection, "/lti/launch", form, {"Cookie": cookie})
        assert status == 303, status
        assert "/l/" in headers["Location"], headers["Location"]

    def _post(self, connection, path, form, headers):
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": self.addresses.tool.split("//")[1],
            **headers,
        }
        connection.request("POST", path, urllib.parse.urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers

    def _claims(self, nonce: str) -> dict[str, object]:
        now = int(time.time())
        return {
            "iss": self.addresses.lms,
            "aud": prepare.CLIENT_ID,
            "sub": f"learner-{uuid.uuid4().hex[:2]}",
            "nonce": nonce,
            "iat": now,
            "exp": now + 60,
            "name": "Learner",
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "version": "1.3.0",
            CLAIM + "deployment_id": "practice-deployment",
            CLAIM + "target_link_uri": self.target,
            CLAIM + "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            CLAIM + "resource_link": {"id": "1", "title": "Bench"},
            CLAIM + "context": {"id": "1", "title": "Bench"},
        }
