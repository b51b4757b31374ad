"""However many logins wait for their launch, none is lost: what they fixed stands in the database."""

from __future__ import annotations

import http.client
import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from sqlalchemy import func, select

from lti_tool.demo.stack import ToolProcess, free_port
from lti_tool.extensions import db
from lti_tool.models import Launch, Login
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.signing_platform import SigningPlatform, signing_platform

LOGINS, AT_ONCE, PEOPLE, WORKERS = 1000, 8, 40, 2


def serve(app: Flask, folder: Path) -> ToolProcess:
    settings = app.config["SETTINGS"]
    environment = {
        **os.environ,
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": settings.secret_key,
        "MASTER_KEYS": MASTER_KEY,
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(folder),
        "EGRESS_ALLOW": "127.0.0.0/8",
        "RUNS_WORKER": "0",
    }
    command = ("serve", "--workers", str(WORKERS))
    return ToolProcess(port=free_port(), environment=environment, log=folder / "tool.log", command=command)


def post(port: int, path: str, form: dict[str, str], **headers: str) -> tuple[int, str, str]:
    """Send a form; gives status, address and cookie of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {"Host": urlsplit(PUBLIC_URL).netloc, "Content-Type": "application/x-www-form-urlencoded", **headers}
    connection.request("POST", path, urlencode(form), sent)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Location", ""), answer.headers.get("Set-Cookie", "").partition(";")[0]


def answer_to(platform: SigningPlatform, number: int, address: str) -> dict[str, str]:
    asked = dict(parse_qsl(urlsplit(address).query))
    token = platform.sign(platform.claims(asked["nonce"], sub=f"learner-{number % PEOPLE}"))
    return {"state": asked["state"], "id_token": token}


def test_a_thousand_logins_that_wait_are_all_answered_by_whichever_worker(app, tmp_path):
    tool = serve(app, tmp_path)
    with signing_platform() as platform, ThreadPoolExecutor(AT_ONCE) as browsers:
        platform.register(app)
        tool.start()
        try:
            form, headers = platform.login_form(), {"Sec-Fetch-Dest": "document"}
            begun = list(browsers.map(lambda _: post(tool.port, "/lti/login", form, **headers), range(LOGINS)))
            assert {status for status, _address, _cookie in begun} == {302}
            tokens = [answer_to(platform, number, address) for number, (_, address, _) in enumerate(begun)]
            waiting = list(zip(tokens, (cookie for _, _, cookie in begun), strict=True))
            random.Random(1).shuffle(waiting)
            answers = browsers.map(lambda each: post(tool.port, "/lti/launch", each[0], Cookie=each[1])[0], waiting)
            assert list(answers) == [303] * LOGINS
        finally:
            tool.stop()
        assert 1 <= platform.fetches <= WORKERS, "a worker fetches the keys once"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Launch)) == LOGINS
        assert db.session.scalar(select(func.count()).select_from(Login).where(Login.used_at.is_(None))) == 0
