"""The application factory: settings → extensions → blueprints → headers and errors. Read this first."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request
from flask.sessions import SessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool import headers, i18n, logs, postgresql, views
from lti_tool.config import Settings
from lti_tool.extensions import babel, db, login_manager, migrate
from lti_tool.static_files import StaticFiles


def create_app(settings: Settings | None = None) -> Flask:
    """Build the tool.

    Args:
        settings: read from the environment when not given.

    Raises:
        SettingsError: if a setting that production needs is missing or wrong.
    """
    settings = settings or Settings.from_environment()
    logs.configure(is_production=settings.is_production)
    app = Flask("lti_tool", static_folder=None)
    app.config.from_mapping(_flask_config(settings))
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    app.session_interface = _NoSession()
    db.init_app(app)
    migrate.init_app(app, db)
    # Without its context processor, which would look a launch up even to show that the database is down.
    login_manager.init_app(app, add_context_processor=False)
    babel.init_app(app, locale_selector=i18n.select_locale)

    StaticFiles().init_app(app)
    views.init_app(app)
    headers.init_app(app)
    return app


class _NoSession(SessionInterface):
    """Launches and accounts keep their sessions in the database: Flask's signed cookie is neither read nor written."""

    def open_session(self, app: Flask, request: Request) -> None:
        """Give none, which Flask takes for one that is empty and cannot be written."""


def _flask_config(settings: Settings) -> dict[str, Any]:
    """Translate our settings into Flask's."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine_options = {} if settings.is_sqlite else postgresql.engine_options()
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": settings.max_body_bytes,
        "SQLALCHEMY_DATABASE_URI": settings.sqlalchemy_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options,
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
    }
