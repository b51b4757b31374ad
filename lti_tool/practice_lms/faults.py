"""Faults on purpose: what an LMS does when it fails, at the place and as often as a test asks for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

Operation = Literal[
    "authorize",
    "key_set",
    "token",
    "content_return",
    "line_items",
    "line_item",
    "scores",
    "results",
    "memberships",
    "groups",
    "openid_configuration",
    "register",
]
OPERATIONS: tuple[Operation, ...] = (
    "authorize",
    "key_set",
    "token",
    "content_return",
    "line_items",
    "line_item",
    "scores",
    "results",
    "memberships",
    "groups",
    "openid_configuration",
    "register",
)
Tamper = Callable[[MutableMapping[str, Any], MutableMapping[str, Any]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to fail.

    ``before`` stands for a request that never did its work, ``after`` for one whose work is done and whose answer is
    lost or wrong: a score is stored, and the tool does not know.
    """

    operation: Operation
    when: Literal["before", "after"] = "before"
    status: int | None = None
    """The status to answer with; ``None`` lets the real answer pass, after the delay."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the answer; a real answer that passes ``after`` keeps its own beside them."""
    body: str = ""
    repeats: int = 1
    """How often the body comes, for an answer that is too large."""
    cuts_answer: bool = False
    """Break the answer off in the middle of its body, whose length was announced."""
    delay_s: float = 0.0
    drops_connection: bool = False
    """Close the connection instead of answering."""
    times: int = 1
    """How many requests fail; -1 means all until the fault is taken away."""

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS:
            raise ValueError(f"operation is {self.operation!r}; it has to be one of {', '.join(OPERATIONS)}.")
        if self.when not in ("before", "after"):
            raise ValueError(f"when is {self.when!r}; it has to be 'before' or 'after'.")


class Faults:
    """The faults that are set, taken one after the other; safe to use from several threads.

    Attributes:
        tamper: changes header and claims of each id_token before it is signed, for hostile launches.
    """

    def __init__(self) -> None:
        self.tamper: Tamper | None = None
        self._waiting: list[list[Any]] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let requests fail from now on."""
        with self._lock:
            self._waiting.append([fault, fault.times])

    def clear(self) -> None:
        """Take all faults away."""
        with self._lock:
            self._waiting.clear()
            self.tamper = None

    def take(self, operation: str, when: str) -> Fault | None:
        """The next fault for an operation, counted as used."""
        with self._lock:
            for entry in self._waiting:
                fault: Fault = entry[0]
                if fault.operation == operation and fault.when == when:
                    entry[1] -= 1
                    if entry[1] == 0:
                        self._waiting.remove(entry)
                    return fault
        return None


def install(app: Flask, faults: Faults, *, is_remote: bool) -> None:
    """Let the operations of an app fail as asked.

    An endpoint's operation is the last part of its name: ``strict.scores`` and ``moodle.scores`` are both ``scores``.
    """

    @app.before_request
    def fail_before() -> Response | None:
        fault = faults.take(_operation(), "before")
        return _perform(fault, None) if fault else None

    @app.after_request
    def fail_after(response: Response) -> Response:
        fault = faults.take(_operation(), "after")
        return _perform(fault, response) or response if fault else response

    if is_remote:
        app.register_blueprint(_remote(faults))


def _operation() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def _perform(fault: Fault, answer: Response | None) -> Response | None:
    time.sleep(fault.delay_s)
    if fault.drops_connection:
        _drop_connection()
        return Response(status=503)
    if fault.status is not None:
        answer = Response(fault.body * fault.repeats, fault.status, dict(fault.headers))
    elif answer is not None:
        answer.headers.update(fault.headers)
    if fault.cuts_answer and answer is not None:
        _cut(answer)
    return answer


def _cut(answer: Response) -> None:
    """Let only half of a body follow its announced length; the server then closes the connection."""
    body = answer.get_data()
    answer.automatically_set_content_length = False
    answer.response = [body[: len(body) // 2]]
    answer.headers["Content-Length"] = str(len(body))


def _drop_connection() -> None:
    """Close the client's connection under the server.

    Raises:
        ConnectionResetError: where there is no connection, as with Flask's test client.
    """
    connection = request.environ.get("werkzeug.socket")
    if not isinstance(connection, socket.socket):
        raise ConnectionResetError("the practice LMS dropped the connection, as asked")
    connection.shutdown(socket.SHUT_RDWR)


def _remote(faults: Faults) -> Blueprint:
    blueprint = Blueprint("faults", __name__)

    @blueprint.post("/faults")
    def add() -> ResponseReturnValue:
        try:
            faults.add(Fault(**request.get_json()))
        except (TypeError, ValueError) as error:
            raise BadRequest(f"This is not a fault: {error}") from error
        current_app.logger.info("a fault was set")
        return jsonify({}), 201

    @blueprint.delete("/faults")
    def clear() -> ResponseReturnValue:
        faults.clear()
        return "", 204

    return blueprint
