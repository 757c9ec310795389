"""A Chromium that tests drive: over two pipes, by its own DevTools protocol, with no library between."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

_PATIENCE = 30.0
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", "--no-first-run",
    "--disable-dev-shm-usage", "--disable-extensions", "--force-color-profile=srgb",
)  # fmt: skip


def chromium() -> str:
    """The browser's program; without one the test is skipped, and says how to get it."""
    found = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium (Debian: apt-get install chromium): the page was not looked at")
    return found


class BrowserError(Exception):
    """The browser did not do what was asked; the message is its own."""


class Browser:
    """One browser with one page; a context manager."""

    def __init__(self, profile: Path) -> None:
        command_read, command_write = os.pipe()
        answer_read, answer_write = os.pipe()
        # The browser reads commands on descriptor 3 and answers on 4.
        shell = f'exec "$0" "$@" 3<&{command_read} 4>&{answer_write}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, chromium(), *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(command_read, answer_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(answer_write)
        self._to, self._from = command_write, answer_read
        self._buffer = b""
        self._number = 0
        self._session = ""
        #: What the page asked of the network, and what it complained of.
        self.requests: list[str] = []
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        targets = self._ask("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._ask(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._to)  # it ends when nobody can command it
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)

    def show(
        self,
        address: str,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        ready: str = "document.documentElement?.dataset.ready",
    ) -> None:
        """Open an address in a window of that size, and wait until the page says that it is ready."""
        self.size(width, height, scheme)
        self._ask("Page.navigate", url="about:blank")
        self._ask("Page.navigate", url=address)
        self.wait(ready)

    def size(self, width: int, height: int = 900, scheme: str = "light") -> None:
        """The size of the window and the colour scheme that its user prefers."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._ask("Emulation.setEmulatedMedia", features=features)

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def text(self, selector: str) -> str:
        """What a reader sees of the first element that fits."""
        found = self.run(f"document.querySelector({json.dumps(selector)})?.innerText")
        if found is None:
            raise BrowserError(f"nothing fits {selector}")
        return str(found)

    def wait(self, expression: str) -> None:
        """Until the expression is true."""
        end = time.monotonic() + _PATIENCE
        while not self._holds(expression):
            if time.monotonic() > end:
                raise BrowserError(f"it never came to be: {expression}; {self.complaints}")
            time.sleep(0.02)

    def _holds(self, expression: str) -> bool:
        try:
            return bool(self.run(f"Boolean({expression})"))
        except BrowserError as error:
            if "navigated" in str(error) or "context" in str(error):
                return False  # another page is on its way
            raise

    def press(self, *keys: str) -> None:
        """Press keys, one after the other; a name such as `Enter`, or a character."""
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            code = {"Enter": 13, "Escape": 27, "Tab": 9}.get(key, 0)
            for kind in ("keyDown", "keyUp"):
                content = {"text": text} if text and kind == "keyDown" else {}
                self._ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **content)

    def click(self, selector: str) -> None:
        """Click on the middle of the first element that fits."""
        place = self.run(
            f"(() => {{ const found = document.querySelector({json.dumps(selector)}); found.scrollIntoView({{block: 'center'}});"
            "const box = found.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._ask(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1
            )

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """A PNG of the window, or of the whole page."""
        shot = self._ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def roles(self) -> list[tuple[str, str]]:
        """Role and name of everything that a screen reader meets."""
        nodes = self._ask("Accessibility.getFullAXTree")["nodes"]
        return [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in nodes
            if not node.get("ignored")
        ]

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next(method)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        content = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(content["request"]["url"])
            case "Runtime.exceptionThrown":
                details = content["exceptionDetails"]
                self.complaints.append(str(details.get("exception", details).get("description", details)))
            case "Log.entryAdded":
                self.complaints.append(content["entry"]["text"])

    def _next(self, method: str) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._from], [], [], _PATIENCE)[0]:
                raise BrowserError(f"{method}: no answer")
            chunk = os.read(self._from, 1 << 20)
            if not chunk:
                raise BrowserError(f"{method}: the browser has ended")
            self._buffer += chunk
        content, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(content))
