"""Calls to a platform's services with an access token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus

from lti_tool.errors import PlatformError
from lti_tool.lti.egress import Answer, Egress
from lti_tool.lti.tokens import Client, Token, request_token


class NoTokenError(PlatformError):
    """The platform gave no access token, so that nothing else was asked."""

    @classmethod
    def of(cls, error: PlatformError) -> NoTokenError:
        """Say so of what went wrong at the token endpoint."""
        detail = f"token: {error.detail}"
        return cls(
            error.message,
            detail=detail,
            http_status=error.http_status,
            retry_after_s=error.retry_after_s,
            is_throttled=error.is_throttled,
        )


class BearerCalls:
    """Calls with a token that was kept; where there is none, or it is refused, with a new one.

    Args:
        egress: the way out.
        client: gets access tokens.
        token: one that was kept, or nothing; :attr:`new_token` is set where it had to be replaced.
        clock: gives the time, for the assertions of token requests.
    """

    def __init__(self, egress: Egress, client: Client, token: Token | None, clock: Callable[[], datetime]) -> None:
        self.new_token: Token | None = None
        self._egress = egress
        self._client = client
        self._token = token
        self._clock = clock

    def call(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Call a service.

        Raises:
            NoTokenError: if the platform gave no token.
            PlatformError: if no whole answer came.
        """
        token = self._token or self._renew()
        answer = self._send(token, method, url, headers, body)
        if answer.status == HTTPStatus.UNAUTHORIZED and self.new_token is None:
            answer = self._send(self._renew(), method, url, headers, body)
        return answer

    def _send(self, token: Token, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        return self._egress.request(method, url, {**headers, "Authorization": f"Bearer {token.value}"}, body)

    def _renew(self) -> Token:
        try:
            self.new_token = self._token = request_token(self._egress, self._client, self._clock())
        except PlatformError as error:
            raise NoTokenError.of(error) from error
        return self.new_token
