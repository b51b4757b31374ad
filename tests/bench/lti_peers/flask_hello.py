"""The least that the framework of our tool can do behind the same server."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return "hello"
