"""The routes of the page: what they give, and whom they refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ankigen import api
from ankigen.data import Desired
from ankigen.errors import AnkiNotRunning, PlanChanged
from ankigen.preview import PlanInWords, Snapshot
from ankigen.web import Extras, Live, application
from tests.helpers.building import named, write

HOST = "127.0.0.1:8000"
TOKEN = "a-token"  # noqa: S105 - of these tests alone
PLAN = PlanInWords("+ one", 1, needs_a_person=False)


class Agreeable:
    """A sync that remembers what it was asked to do."""

    def __init__(self) -> None:
        self.applied: list[PlanInWords] = []

    def plan(self, desired: Desired) -> PlanInWords:
        return PLAN

    def apply(self, desired: Desired, agreed: PlanInWords) -> str:
        self.applied.append(agreed)
        return "1 new"


def snapshot(folder: Path) -> Snapshot:
    return api.snapshot_of(api.load(folder))


class Page:
    def __init__(self, folder: Path) -> None:
        self.notes = named(folder)
        write(folder, a="- One? ![](a.png) #card\n\t- 1\n- Two? #card\n")
        (folder / "a.png").write_bytes(b"\x89PNG")
        (folder / "secret.txt").write_text("secret")
        self.sync = Agreeable()
        self.live = Live(api.Rereading().snapshot, snapshot(folder), lambda _: None, self.sync)
        self.live.plan = PLAN
        app = application(self.live, (HOST,), Extras(lambda: None, lambda _: "<p>well</p>"), TOKEN)
        self.client = TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=True)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    folder = tmp_path / "notes"
    folder.mkdir()
    found = Page(folder)
    with found.client:
        yield found


def test_the_page_says_what_it_may_do_and_names_the_token(page: Page) -> None:
    answer = page.client.get("/")
    assert f'content="{TOKEN}"' in answer.text
    rules = answer.headers["content-security-policy"]
    assert "default-src 'none'" in rules
    assert "unsafe" not in rules
    for name in ("page.js", "page.css"):
        assert page.client.get(f"/{name}").status_code == 200


def test_cards_and_problems_come_in_one_object(page: Page) -> None:
    found = page.client.get("/cards.json").json()
    assert [card["title"] for card in found["cards"]] == ["One? ![](a.png)"]
    assert [problem["rule"] for problem in found["problems"]] == ["no-answer"]


def test_a_face_says_that_it_is_in_a_sandbox(page: Page) -> None:
    address = page.live.snapshot.preview.cards[0].address
    answer = page.client.get(f"/face/{address}/front.html")
    assert "One?" in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts")


def test_media_have_the_names_that_cards_show(page: Page) -> None:
    [name] = [file.name for file in page.live.snapshot.desired.media]
    answer = page.client.get(f"/media/{name}")
    assert answer.content == b"\x89PNG"
    assert answer.headers["content-type"] == "image/png"


def test_the_health_of_the_decks_is_a_document_in_which_nothing_runs(page: Page) -> None:
    answer = page.client.get("/health.html")
    assert answer.text == "<p>well</p>"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_lines_are_those_of_a_card(page: Page) -> None:
    assert page.client.get("/lines.json", params={"path": "a.md", "line": "1"}).json() == [
        {"number": 1, "text": "- One? ![](a.png) #card"},
        {"number": 2, "text": "\t- 1"},
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt", "/media/secret.txt", "/media/../secret.txt", "/media/%2e%2e/secret.txt",
        "/media/..%2fsecret.txt", "/media/%2fetc%2fpasswd", "//etc/passwd", "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd", "/face/x/0/front.html", "/face/../../a.md",
        "/lines.json", "/lines.json?path=secret.txt&line=1", "/lines.json?path=/etc/passwd&line=1",
        "/lines.json?path=a.md&line=99", "/lines.json?path=a.md&line=-1", "/lines.json?path=a.md&line=x", "/nothing",
        "/mathjax.js", "/page_files/page.js", "/media/", "/face.py", "/__init__.py",
    ],
)  # fmt: skip
def test_no_path_ever_comes_from_an_address(page: Page, path: str) -> None:
    answer = page.client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1:80", "127.0.0.1", "", "localhost.evil:8000"]
)
@pytest.mark.parametrize("path", ["/", "/cards.json", "/plan.json", "/events", "/apply"])
def test_a_name_that_was_bent_to_this_machine_gets_nothing(page: Page, host: str, path: str) -> None:
    answer = page.client.get(path, headers={"Host": host})
    assert answer.status_code == 403
    assert TOKEN not in answer.text


GOOD = {"Origin": f"http://{HOST}", "X-Ankigen-Token": TOKEN}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": f"http://{HOST}"},
        {"X-Ankigen-Token": TOKEN},
        {"Origin": "http://evil.example", "X-Ankigen-Token": TOKEN},
        {"Origin": "null", "X-Ankigen-Token": TOKEN},
        {"Origin": f"https://{HOST}", "X-Ankigen-Token": TOKEN},
        {"Origin": f"http://{HOST}", "X-Ankigen-Token": ""},
        {"Origin": f"http://{HOST}", "X-Ankigen-Token": f"{TOKEN}x"},
    ],
)
def test_only_our_page_can_have_anything_done(page: Page, headers: dict[str, str]) -> None:
    answer = page.client.post(
        "/apply", json={"text": PLAN.text, "changes": 1, "needs_a_person": False}, headers=headers
    )
    assert answer.status_code == 403
    assert page.sync.applied == []


def test_our_page_can_have_its_plan_done(page: Page) -> None:
    shown = page.client.get("/plan.json").json()
    answer = page.client.post("/apply", json=shown, headers=GOOD)
    assert (answer.status_code, answer.text) == (200, "1 new")
    assert page.sync.applied == [PLAN]


def test_a_plan_that_is_no_longer_shown_is_not_done(page: Page) -> None:
    answer = page.client.post("/apply", json={"text": "- all", "changes": 9, "needs_a_person": False}, headers=GOOD)
    assert answer.status_code == 409
    assert answer.text == str(PlanChanged())
    assert page.client.post("/apply", content=b"[", headers=GOOD).status_code == 400
    assert page.sync.applied == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_nothing_else_can_be_done(page: Page, method: str) -> None:
    assert page.client.request(method, "/cards.json", headers=GOOD).status_code == 405


def said(live: Live, what: str, count: int) -> list[str]:
    """The events that a page hears while the notes are read again."""

    async def listen() -> list[str]:
        stream = live.events()
        heard = [await anext(stream)]
        await live.refresh()
        while len(heard) < count:
            heard.append(await asyncio.wait_for(anext(stream), 30))
        await stream.aclose()  # type: ignore[attr-defined]
        return heard

    return [event for event in asyncio.run(listen()) if f"event: {what}" in event]


def live_of(folder: Path) -> Live:
    return Live(api.Rereading().snapshot, snapshot(folder), lambda _: None)


def test_a_page_hears_how_many_cards_changed(tmp_path: Path) -> None:
    live = live_of(write(named(tmp_path), a="- One? #card\n\t- 1\n"))
    write(tmp_path, a="- One? #card\n\t- 2\n- Three? #card\n\t- 3\n")
    assert "cards: 1 new, 1 changed" in said(live, "cards", 2)[-1]


def test_a_broken_config_is_told_and_the_last_cards_stay(tmp_path: Path) -> None:
    live = live_of(write(named(tmp_path), a="- One? #card\n\t- 1\n"))
    (tmp_path / "ankigen.toml").write_text("context = 7\n")
    assert "ankigen.toml" in said(live, "fault", 2)[-1]
    assert len(live.snapshot.preview.cards) == 1
    (tmp_path / "ankigen.toml").unlink()
    assert said(live, "cards", 2), "that it is well again is told, though no card has changed"


def test_a_page_that_comes_late_hears_of_the_fault(tmp_path: Path) -> None:
    live = live_of(write(named(tmp_path), a="- One? #card\n\t- 1\n"))
    (tmp_path / "ankigen.toml").write_text("context = 7\n")
    asyncio.run(live.refresh())

    async def first() -> str:
        return await anext(live.events())

    assert "event: fault" in asyncio.run(first())


class Absent(Agreeable):
    def plan(self, desired: Desired) -> PlanInWords:
        raise AnkiNotRunning("http://127.0.0.1:8765")


def test_that_anki_is_not_there_is_told_beside_the_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ankigen.web.live._QUIET", 0)
    write(named(tmp_path), a="- One? #card\n\t- 1\n")
    live = Live(api.Rereading().snapshot, snapshot(tmp_path), lambda _: None, Absent())
    write(tmp_path, a="- Other? #card\n\t- 1\n")
    assert "Anki" in said(live, "plan", 3)[0]


@pytest.mark.parametrize(("plan", "applied"), [(PLAN, [PLAN]), (PlanInWords("- a", 1, needs_a_person=True), [])])
def test_what_takes_nothing_away_may_be_done_unattended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: PlanInWords, applied: list[PlanInWords]
) -> None:
    monkeypatch.setattr("ankigen.web.live._QUIET", 0)
    sync = Agreeable()
    plans = [plan, PlanInWords("nothing to do", 0, needs_a_person=False)]
    monkeypatch.setattr(sync, "plan", lambda _: plans.pop(0))
    write(named(tmp_path), a="- One? #card\n\t- 1\n")
    live = Live(api.Rereading().snapshot, snapshot(tmp_path), lambda _: None, sync, is_unattended=True)
    write(tmp_path, a="- Other? #card\n\t- 1\n")
    said(live, "plan", 4 if applied else 3)
    assert sync.applied == applied
