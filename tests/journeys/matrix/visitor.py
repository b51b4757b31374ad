"""Somebody at a browser, by WebDriver: finds things by what they say, and waits for them instead of for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    NoSuchElementException,
    NoSuchFrameException,
    NoSuchWindowException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")
LIMIT_S = 30.0
EVERY_S = 0.05
_FRAME = "iframe[name=activity]"
_PASSING = (
    # A page or frame that is just being left or entered.
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    NoSuchElementException,
    NoSuchFrameException,
    NoSuchWindowException,
    StaleElementReferenceException,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A window, or the activity's frame in it."""

    window: str
    is_frame: bool = False


class Visitor:
    """Acts in the windows of a browser.

    Args:
        driver: of the browser.
    """

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    @property
    def here(self) -> Place:
        """The window that is in front."""
        return Place(self.driver.current_window_handle)

    def go(self, address: str) -> Place:
        """Open an address in the window in front."""
        self.driver.get(address)
        return self.here

    def open_tab(self, address: str) -> Place:
        """Open an address in a tab of its own."""
        # Under automation, WebKit stops answering once a tab opens a window.
        is_webkit = self.driver.capabilities["browserName"] == "MiniBrowser"
        self.driver.switch_to.new_window("window" if is_webkit else "tab")
        return self.go(address)

    def find(self, place: Place, xpath: str) -> WebElement:
        """Wait until something is shown, on a page that is read to its end."""
        return self.wait(place, xpath, lambda: self._shown(xpath))

    def find_any(self, place: Place, *xpaths: str) -> str:
        """Wait until one of several things is shown; says which."""
        return self.wait(place, " or ".join(xpaths), lambda: self._first_shown(xpaths))

    def click(self, place: Place, xpath: str) -> None:
        """Click something once it is shown."""

        def click() -> bool:
            element = self._shown(xpath)
            # At the edge of a frame a click may go to what the page around it has there.
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
            element.click()
            return True

        self.wait(place, xpath, click)

    def click_for_window(self, place: Place, xpath: str) -> Place:
        """Click what opens a window; gives the new one."""
        before = set(self.driver.window_handles)
        self.click(place, xpath)

        def opened() -> Place | None:
            new = set(self.driver.window_handles) - before
            return Place(new.pop()) if new else None

        return self.wait(self.here, "a new window", opened)

    def reload(self, place: Place) -> None:
        """Read a page anew, in its frame if it is in one."""
        self.wait(place, "a page to reload", self._mark)
        if place.is_frame:
            self.driver.execute_script("setTimeout(() => location.reload())")
        else:
            self.driver.refresh()
        self.wait(place, "the page to be read anew", lambda: not self.driver.execute_script("return window.isOld"))

    def wait(self, place: Place, wanted: str, look: Callable[[], T | None]) -> T:
        """Look at a place again and again, until there is something."""
        deadline = time.monotonic() + LIMIT_S
        seen: WebDriverException | None = None
        while time.monotonic() < deadline:
            try:
                self._enter(place)
                if found := look():
                    return found
            except _PASSING as error:
                seen = error
            time.sleep(EVERY_S)
        raise AssertionError(f"{wanted} did not come: {seen}\n{self._what_is_there(place)}")

    def _enter(self, place: Place) -> None:
        self.driver.switch_to.window(place.window)
        if place.is_frame:
            self.driver.switch_to.frame(self.driver.find_element(By.CSS_SELECTOR, _FRAME))

    def _mark(self) -> bool:
        return bool(self.driver.execute_script("return document.readyState === 'complete' && (window.isOld = true)"))

    def _shown(self, xpath: str) -> WebElement:
        if self.driver.execute_script("return document.readyState") != "complete":
            raise NoSuchElementException(f"{xpath}: the page is still being read")
        for element in self.driver.find_elements(By.XPATH, xpath):
            if element.is_displayed():
                return element
        raise NoSuchElementException(xpath)

    def _first_shown(self, xpaths: tuple[str, ...]) -> str | None:
        for xpath in xpaths:
            try:
                self._shown(xpath)
            except NoSuchElementException:
                continue
            return xpath
        return None

    def _what_is_there(self, place: Place) -> str:
        try:
            self._enter(place)
            return str(self.driver.execute_script("return `${location.href}\\n${document.body.innerText}`"))[:2000]
        except WebDriverException as error:
            return f"nothing to look at: {error.msg}"
