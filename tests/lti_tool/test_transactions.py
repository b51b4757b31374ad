"""The watch over all tests here: no call to a platform while a transaction is open."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from lti_tool.errors import PlatformError
from lti_tool.extensions import db
from lti_tool.lti.egress import Egress

NOBODY = "http://127.0.0.1:1/"


def test_a_call_inside_a_transaction_fails_its_test(app: Flask):
    egress = Egress(("127.0.0.1",), 1.0, 1000)
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        with pytest.raises(AssertionError, match="open transaction"):
            egress.request("GET", NOBODY)
        db.session.rollback()
        with pytest.raises(PlatformError):
            egress.request("GET", NOBODY)
