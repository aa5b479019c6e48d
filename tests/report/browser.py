"""Headless Chromium over a pair of pipes: opens a page, notes errors and requests, and answers questions about it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HOW_TO_GET_IT = "no Chromium here; on Debian: apt-get update && apt-get install -y chromium"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"),
)


class Browser:
    """One open page. `errors` are what its console, script and policy complained of; `requests` its addresses."""

    def __init__(self, to_it: int, from_it: int) -> None:
        self._to_it, self._from_it = to_it, os.fdopen(from_it, "rb", buffering=0)
        self._buffer = b""
        self._last = 0
        self._loaded = False
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.new_tab()

    def open(self, page: Path | str) -> None:
        """Open a file or an address and wait until it is loaded."""
        self._loaded = False
        self._call("Page.navigate", session=True, url=page if isinstance(page, str) else page.resolve().as_uri())
        self.wait()

    def wait(self) -> None:
        """Wait until a page that was asked for is loaded."""
        while not self._loaded:
            self._receive()

    def follow(self, key: str) -> None:
        """Press a key that leads to another page, and wait until it is loaded."""
        self._loaded = False
        self.press(key)
        self.wait()

    def new_tab(self) -> str:
        """Another tab, which is the one in use now; `use` returns to a tab by its name."""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable", session=True)
        return str(self._session)

    def use(self, tab: str) -> None:
        """Go to a tab."""
        self._session = tab

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self._call("Runtime.evaluate", session=True, expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        """Give the page another size, or other colours."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("Emulation.setDeviceMetricsOverride", session=True, **size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._call("Emulation.setEmulatedMedia", session=True, features=scheme)

    def print_media(self, *, on: bool) -> None:
        """Show the page as paper gets it, or as the screen does."""
        self._call("Emulation.setEmulatedMedia", session=True, media="print" if on else "")

    def press(self, key: str) -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            typed = {"Tab": "", "Enter": "\r"}.get(key, key)
            text = {"text": typed} if typed and kind == "keyDown" else {}
            code = {"Tab": 9, "Enter": 13}.get(key) or ord(key.upper())
            self._call(
                "Input.dispatchKeyEvent", session=True, type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text
            )

    def _call(self, method: str, *, session: bool = False, **params: Any) -> dict[str, Any]:
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        if session:
            message["sessionId"] = self._session
        os.write(self._to_it, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            data = self._from_it.read(1 << 16)
            assert data, "the browser has gone"
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        self._note(message.get("method"), message.get("params", {}))
        return message

    def _note(self, method: str | None, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(str(params["exceptionDetails"]))
        elif method == "Log.entryAdded":
            self.errors.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.errors.append(str(params["args"]))
        elif method == "Page.loadEventFired":
            self._loaded = True

    def close(self) -> None:
        """Let go of the pipes."""
        self._from_it.close()
        os.close(self._to_it)


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own in this folder; the test is skipped where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip(HOW_TO_GET_IT)
    command_read, command_write = os.pipe()
    answer_read, answer_write = os.pipe()
    # The protocol wants to be read on descriptor 3 and written on 4, which only a shell can promise here.
    wiring = f'exec "$0" "$@" 3<&{command_read} 4>&{answer_write}'
    process = subprocess.Popen(
        ["bash", "-c", wiring, program, *FLAGS, f"--user-data-dir={folder}"],
        pass_fds=(command_read, answer_write),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(command_read)
    os.close(answer_write)
    browser = None
    try:
        browser = Browser(command_write, answer_read)
        yield browser
    finally:
        process.terminate()
        process.wait(20)
        if browser:
            browser.close()
