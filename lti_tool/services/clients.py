"""How the tool presents itself to a platform's services."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from lti_tool.errors import SettingsError
from lti_tool.lti import keys
from lti_tool.lti.tokens import Client, Token, find_token
from lti_tool.lti.vault import Vault
from lti_tool.models import Registration


def audience_of(registration: Registration) -> str:
    """Give what token requests are meant for: the token endpoint, unless the platform wants another name."""
    return registration.token_audience or registration.token_url


def open_client(
    session: Session, vault: Vault, registration: Registration, scopes: tuple[str, ...], at: datetime
) -> tuple[Client, Token | None]:
    """Give what calls to a registration's services need once the transaction is over, and the token that is kept.

    Raises:
        SettingsError: if there is no key to sign with.
    """
    key = keys.current_key(session, at)
    if key is None:
        raise SettingsError(["There is no signing key; `lti-tool keys rotate` makes one"])
    # It is used after the transaction has ended.
    session.expunge(key)
    client = Client(
        registration_id=registration.id,
        client_id=registration.client_id,
        token_url=registration.token_url,
        audience=audience_of(registration),
        scopes=scopes,
        sign=partial(keys.sign, key, vault),
    )
    return client, find_token(session, vault, registration.id, scopes, at)
