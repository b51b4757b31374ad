"""``pylti1p3`` in the shape of the Flask example of its authors, with its cache in Redis.

The page that finds out about cookies is left out: it would be a third request. ``BENCH_CACHE`` is ``redis``, ``files``
or ``simple`` (what the example has), ``BENCH_KEYS=cached`` keeps the platform's keys as its documentation recommends.
"""

import os

from flask import Flask, jsonify
from flask_caching import Cache
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.tool_config import ToolConfJsonFile

app = Flask(__name__)
app.config.update(
    CACHE_TYPE={"redis": "RedisCache", "files": "FileSystemCache", "simple": "SimpleCache"}[os.environ["BENCH_CACHE"]],
    CACHE_DIR=os.environ.get("BENCH_FILES"),
    CACHE_REDIS_URL=os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379/5"),
    CACHE_KEY_PREFIX=os.environ.get("BENCH_PREFIX", "bench-"),
    CACHE_DEFAULT_TIMEOUT=600,
    SECRET_KEY="a secret of the bench",
    SESSION_COOKIE_NAME="pylti1p3-sessionid",
)
cache = Cache(app)


def tool_config():
    return ToolConfJsonFile(os.environ["BENCH_CONFIG"])


def storage():
    return FlaskCacheDataStorage(cache)


@app.route("/lti/login", methods=["GET", "POST"])
def login():
    request = FlaskRequest()
    begun = FlaskOIDCLogin(request, tool_config(), launch_data_storage=storage())
    return begun.redirect(request.get_param("target_link_uri"))


@app.route("/lti/launch", methods=["POST"])
def launch():
    request, kept = FlaskRequest(), storage()
    message = FlaskMessageLaunch(request, tool_config(), launch_data_storage=kept)
    if os.environ.get("BENCH_KEYS") == "cached":
        message.set_public_key_caching(kept, cache_lifetime=7200)
    data = message.get_launch_data()
    return jsonify(launched=message.get_launch_id(), name=data.get("name", ""))
