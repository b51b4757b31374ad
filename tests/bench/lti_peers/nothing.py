"""A tool that does nothing: it redirects logins and welcomes launches without a look at them.

What the load generator reaches with it is the most that it could measure.
"""

_LOGIN = [
    ("Location", "http://127.0.0.1/auth?state=state-of-this-login&nonce=nonce-of-this-login"),
    ("Set-Cookie", "login=secret; Path=/"),
    ("Content-Length", "0"),
]


def app(environ, start_response):
    if environ["PATH_INFO"] == "/lti/login":
        start_response("302 Found", _LOGIN)
        return [b""]
    environ["wsgi.input"].read()
    start_response("303 See Other", [("Location", "/l/nothing"), ("Content-Length", "0")])
    return [b""]
