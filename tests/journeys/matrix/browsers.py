"""Starting the browsers of the matrix, each with a new profile, as selenium drivers."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service as ChromeService
from selenium.webdriver.firefox.options import Options as FirefoxOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions
from selenium.webdriver.webkitgtk.service import Service as WebKitService

from tests.conftest import skip_unless_in_ci
from tests.journeys.browser import ALLOWED, BLOCKED, find_chromium, write_preferences
from tests.journeys.matrix.marionette import Firefox
from tests.journeys.matrix.states import State


@contextmanager
def open_browser(state: State, profile: Path, sites: Sequence[tuple[str, str]]) -> Iterator[WebDriver]:
    """Start a browser in a state.

    Args:
        state: which browser, and how it is set.
        profile: a folder that is not there yet.
        sites: pairs of origins; the first is in a frame of the second.
    """
    opening = {"chromium": _open_chromium, "firefox": _open_firefox, "webkit": _open_webkit}[state.browser]
    with opening(state, profile, sites) as driver:
        yield driver


@contextmanager
def _open_chromium(state: State, profile: Path, sites: Sequence[tuple[str, str]]) -> Iterator[WebDriver]:
    binary, service = find_chromium(), _needed("chromedriver", "chromium-driver")
    if binary is None:
        skip_unless_in_ci("no Chromium; install it or set CHROMIUM to its path")
        raise AssertionError
    write_preferences(
        profile,
        BLOCKED if state.name == "cookies blocked" else ALLOWED,
        sites if state.name == "nothing kept" else (),
    )
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    options.accept_insecure_certs = True
    for argument in ("--headless=new", f"--user-data-dir={profile}", "--window-size=1280,900"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    driver = webdriver.Chrome(options=options, service=ChromeService(service))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def _open_firefox(state: State, profile: Path, _sites: Sequence[tuple[str, str]]) -> Iterator[WebDriver]:
    firefox = Firefox(_needed("firefox-esr", "firefox-esr"), profile, state.preferences)
    try:
        options = FirefoxOptions()
        options.accept_insecure_certs = True
        yield webdriver.Remote(command_executor=firefox, options=options)  # type: ignore[arg-type]
    finally:
        firefox.stop()


@contextmanager
def _open_webkit(_state: State, profile: Path, _sites: Sequence[tuple[str, str]]) -> Iterator[WebDriver]:
    program, screen = _needed("WebKitWebDriver", "webkit2gtk-driver"), _needed("Xvfb", "xvfb")
    profile.mkdir()
    with _screen(screen) as display:
        options = WebKitOptions()
        options.accept_insecure_certs = True
        # Its folders are the profile: WebKit has no other.
        folders = {name: str(profile / name) for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
        environment = {**os.environ, **folders, "DISPLAY": display}
        service = WebKitService(program, env=environment)
        service.start()
        try:
            # Not webdriver.WebKitGTK, which selenium itself warns of: it names the address in a way of old.
            connection = RemoteConnection(client_config=ClientConfig(remote_server_addr=service.service_url))
            driver = webdriver.Remote(command_executor=connection, options=options)
            try:
                yield driver
            finally:
                driver.quit()
        finally:
            service.stop()


@contextmanager
def _screen(binary: str) -> Iterator[str]:
    """Run a screen that nobody sees; gives the name of its display."""
    reading, writing = os.pipe()
    command = [binary, "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                number = told.readline().strip()
            assert number, "Xvfb does not start"
            yield f":{number}"
        finally:
            process.terminate()


def _needed(program: str, package: str) -> str:
    found = shutil.which(program)
    if found is None:
        skip_unless_in_ci(f"no {program}; on Debian: apt-get install {package}")
        raise AssertionError
    return found
