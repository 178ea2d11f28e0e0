"""How soon does the page of `ankigen watch` show 10,000 notes, and follow a save? And in how much memory?

Run `python -m benchmarks.watch`, or `make bench-watch`. A person waits for what is seen, so Chromium is the clock: it
shows the first card, and later the new words on a card's face.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks import peers
from benchmarks.measure import program

_NOTES, _FILES, _SAVES = 10_000, 100, 9
_THOUGHT = 2_500
"""Milliseconds between two saves."""


def main() -> None:
    """Print one table."""
    with tempfile.TemporaryDirectory() as name:
        notes = peers.ANKIGEN.write(Path(name) / "notes", peers.cards(_NOTES), _FILES)
        build: list[str | Path] = [program(), "build", notes, "-o", Path(name) / "a.apkg"]
        subprocess.run(build, check=True, capture_output=True)  # noqa: S603
        first = min(notes.rglob("*.md"))
        first.write_text(f"- Which question is new? #card\n\t- answer 0\n{first.read_text('utf-8')}", "utf-8")
        command: list[str | Path] = [program(), "watch", notes, "--no-open"]
        start = time.perf_counter()
        with (
            subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process,  # noqa: S603
            sync_playwright() as playwright,
        ):
            assert process.stderr
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            launched = time.perf_counter()
            page = chromium.new_page()
            page.goto(process.stderr.readline().split()[-1])
            page.locator("#tree summary").first.wait_for()
            shown = time.perf_counter()
            saves = [_save(page, first, number) for number in range(1, _SAVES + 1)]
            memory = _megabytes(process.pid)
            chromium.close()
            process.terminate()
    print(f"{_NOTES:,} notes in {_FILES} files\n")
    print("| first page | the browser alone | a save, until its face is shown | the slowest save | memory |")
    print("|---|---|---|---|---|")
    seconds = [shown - start, launched - start, median(saves), max(saves)]
    print("".join(f"| {each:.2f} s " for each in seconds) + f"| {memory:.0f} MB |")


def _save(page: Page, file: Path, number: int) -> float:
    """The seconds from a save to the new words on the card."""
    if number == 1:
        page.keyboard.press("Space")
        page.frame_locator("iframe").first.get_by_text("answer 0", exact=True).wait_for()
    page.wait_for_timeout(_THOUGHT)
    text = file.read_text("utf-8").replace(f"answer {number - 1}\n", f"answer {number}\n", 1)
    start = time.perf_counter()
    file.write_text(text, "utf-8")
    page.frame_locator("iframe").first.get_by_text(f"answer {number}", exact=True).wait_for()
    return time.perf_counter() - start


def _megabytes(process: int) -> float:
    """The most memory that a process ever had."""
    if sys.platform != "linux":
        return 0.0
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
