"""Firefox as selenium's remote end, without geckodriver: commands go straight to Marionette, which it carries inside.

Geckodriver only translates WebDriver into these messages, and Debian does not ship it (docs/decisions/0016-…).

Source: Firefox source docs, "Marionette": a message is ``<length>:[0, id, command, parameters]``, its answer
``<length>:[1, id, error, result]``.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selenium.webdriver.remote.command import Command

START_LIMIT_S = 60
STOP_LIMIT_S = 10
_ACTIVE_PORT = "MarionetteActivePort"
_BETWEEN_PAGES = "currentWindowGlobal is null"
_NAMES = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.GET: "WebDriver:Navigate",
    Command.REFRESH: "WebDriver:Refresh",
    Command.GET_CURRENT_URL: "WebDriver:GetCurrentURL",
    Command.FIND_ELEMENT: "WebDriver:FindElement",
    Command.FIND_ELEMENTS: "WebDriver:FindElements",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.GET_ELEMENT_TEXT: "WebDriver:GetElementText",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.SWITCH_TO_FRAME: "WebDriver:SwitchToFrame",
    Command.SWITCH_TO_WINDOW: "WebDriver:SwitchToWindow",
    Command.W3C_GET_WINDOW_HANDLES: "WebDriver:GetWindowHandles",
    Command.W3C_GET_CURRENT_WINDOW_HANDLE: "WebDriver:GetWindowHandle",
    Command.NEW_WINDOW: "WebDriver:NewWindow",
    Command.CLOSE: "WebDriver:CloseWindow",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
}
"""The commands that the matrix needs; another one is a ``KeyError`` that names it."""


class Firefox:
    """A Firefox with a profile of its own; it is what selenium calls a command executor.

    Args:
        binary: of the browser.
        profile: an empty folder.
        preferences: written into the profile.
    """

    keep_alive = True
    browser_name = "firefox"

    def __init__(self, binary: str, profile: Path, preferences: Mapping[str, int | bool | str]) -> None:
        profile.mkdir(parents=True)
        lines = {"marionette.port": 0, **preferences}
        text = "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines.items())
        (profile / "user.js").write_text(text)
        command = [binary, "--headless", "--no-remote", "--marionette", "--profile", str(profile)]
        self._log = (profile / "firefox.log").open("wb")
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log, start_new_session=True)
        self._number = 0
        try:
            self._socket = socket.create_connection(("127.0.0.1", self._wait_for_port(profile)), timeout=START_LIMIT_S)
            self._answers = self._socket.makefile("rb")
            self._read()  # Who it is, before anybody asks.
        except BaseException:
            self.stop()
            raise

    def execute(self, command: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Carry a command of selenium out; gives the answer in the shape of WebDriver's over HTTP."""
        if command == Command.QUIT:
            self.stop()
            return {"value": None}
        self._number += 1
        sent = json.dumps([0, self._number, _NAMES[command], _parameters(command, params)]).encode()
        self._socket.sendall(b"%d:%s" % (len(sent), sent))
        _, _, error, result = self._read()
        return webdriver_answer(error, result)

    def close(self) -> None:
        """Close the connection; selenium calls it when it quits."""
        self.stop()

    def stop(self) -> None:
        """End the browser with all its processes, whose session is their own."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        for each in ("_answers", "_socket", "_log"):
            if hasattr(self, each):
                getattr(self, each).close()

    def _wait_for_port(self, profile: Path) -> int:
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            # It is written whole: first under another name.
            if (profile / _ACTIVE_PORT).exists() and (port := (profile / _ACTIVE_PORT).read_text()):
                return int(port)
            time.sleep(0.05)
        raise AssertionError(f"Firefox does not start: {(profile / 'firefox.log').read_text(errors='replace')[-500:]}")

    def _read(self) -> Any:
        length = b""
        while (byte := self._answers.read(1)) != b":":
            if not byte:
                raise AssertionError("Firefox closed the connection")
            length += byte
        return json.loads(self._answers.read(int(length)))


def webdriver_answer(error: Mapping[str, Any] | None, result: Any) -> dict[str, Any]:
    """Bring an answer of Marionette into the shape that selenium reads.

    Args:
        error: ``None`` where the command was carried out.
        result: of the command.
    """
    if error is None:
        is_wrapped = isinstance(result, dict) and set(result) == {"value"}
        return {"value": result["value"] if is_wrapped else result}
    if _BETWEEN_PAGES in error["message"]:
        # For a moment a frame that goes to another process has no page: Firefox stumbles over it before the command.
        error = {**error, "error": "no such window"}
    return {"status": 500, "value": json.dumps({"value": error})}


def _parameters(command: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Bring parameters of WebDriver into the shape that Marionette takes."""
    given = {name: value for name, value in params.items() if name != "sessionId"}
    if command == Command.NEW_SESSION:
        return dict(given["capabilities"]["alwaysMatch"])
    if command == Command.SWITCH_TO_FRAME and isinstance(given["id"], dict):
        (element,) = given["id"].values()
        return {"element": element}
    return given
