"""Somebody in the admin pages, without a browser: forms are sent as they are shown."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.extensions import db
from lti_tool.models import Role
from lti_tool.practice_lms.html_page import PageParser
from lti_tool.services import accounts
from tests.lti_tool.conftest import PUBLIC_URL

PASSWORD = "a quiet green bicycle"


def add_account(app: Flask, name: str = "owner@town.test", role: Role = Role.OWNER, password: str = PASSWORD) -> str:
    with app.app_context():
        accounts.add_account(db.session(), name, password, role, datetime.now(UTC))
        db.session.commit()
    return name


class Visitor:
    """A browser at the admin pages."""

    def __init__(self, app: Flask, address: str = "192.0.2.1") -> None:
        self.client: FlaskClient = app.test_client()
        self._options: dict[str, Any] = {"base_url": PUBLIC_URL, "environ_overrides": {"REMOTE_ADDR": address}}

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **self._options, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data=data or {}, **self._options, **options)

    def send(self, page: str, action: str, **values: Any) -> TestResponse:
        """Fill in the form of a page that goes to ``action``, and send it; ``None`` leaves a field out."""
        shown = self.get(page)
        assert shown.status_code == 200, f"{page}: {shown.status_code}"
        return self.send_from(shown, action, **values)

    def send_from(self, shown: TestResponse, action: str, **values: Any) -> TestResponse:
        parser = PageParser(PUBLIC_URL)
        parser.feed(shown.text)
        forms = [form for form in parser.forms if form.action.removeprefix(PUBLIC_URL) == action]
        assert forms, f"no form for {action} among {[form.action for form in parser.forms]}"
        fields = dict(forms[0].fields()) | values
        return self.post(action, {name: value for name, value in fields.items() if value is not None})

    def sign_in(
        self, name: str, password: str = PASSWORD, code: str = "", page: str = "/admin/sign-in"
    ) -> TestResponse:
        return self.send(page, "/admin/sign-in", name=name, password=password, code=code)


def signed_in(app: Flask, role: Role = Role.OWNER) -> Visitor:
    """Somebody who has just signed in, with an account of their own."""
    name = add_account(app, f"{role.value}-{secrets.token_hex(4)}@town.test", role)
    visitor = Visitor(app)
    assert visitor.sign_in(name).status_code == 303
    return visitor
