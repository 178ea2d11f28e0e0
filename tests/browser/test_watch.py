"""`ankigen watch`, as a person uses it: in a real browser, with keys and a mouse, while notes are saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ankigen import note_types
from tests.browser.browser import HERE, Site, page, serve
from tests.browser.tour import Tour
from tests.browser.watched import browser, keep_mathjax, watching
from tests.helpers.building import named, write
from tests.helpers.judge import Judge
from tests.helpers.own_types import write_type

NOTES = (
    "- What is the capital of Kenya? #card #geo\n\t- Nairobi\n- The sum is $1 + 1$ #card\n\t- two\n"
    "- {{cloze Rome}} is old #card\n- No answer #card\n"
)


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    keep_mathjax()
    with browser() as found:
        yield found


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return named(write(tmp_path / "notes", a=NOTES, b="- Other page? #card\n\t- yes\n"))


def test_a_saved_file_changes_the_face_and_nothing_else(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        watched.page.keyboard.press("Space")
        watched.wait_for_face("Nairobi")
        write(notes, a=NOTES.replace("Nairobi", "Nairobi, since 1907"))
        watched.wait_for_face("Nairobi, since 1907")
        watched.wait_for_face("Nairobi, since 1907", "dark")
        expect(watched.page.locator("#title")).to_have_text("What is the capital of Kenya?")
        expect(watched.page.locator("#state")).to_have_text("cards: 1 changed")
        expect(watched.page.locator("#source")).to_contain_text("since 1907")
        assert watched.complaints == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_face_is_the_picture_that_make_pictures_draws(opened: Browser, notes: Path, judge: Judge, mode: str) -> None:
    """Dot by dot, on a phone's width: what Anki's library makes of the card, in Anki's own sheets."""
    card = Tour(judge, notes / "a.md").cards[0]
    face = page(card.shown.answer, note_types.BASIC.note_type.css, mode, has_math=False)
    with serve(Site({"/face": face}, {})) as address, watching(notes, opened) as watched:
        watched.open()
        watched.page.keyboard.press("p")
        watched.page.keyboard.press("Space")
        watched.wait_for_face("Nairobi", mode)
        drawn = opened.new_page(viewport={"width": 390, "height": 600})
        drawn.goto(f"{address}/face")
        ours = watched.page.frame_locator(f'figure[data-ground="{mode}"] iframe').locator(".face").last
        assert drawn.locator(".face").last.screenshot() == ours.screenshot()
        drawn.close()


def test_the_chosen_card_stays_in_sight_when_the_search_is_cleared(opened: Browser, tmp_path: Path) -> None:
    many = named(write(tmp_path / "many", a="".join(f"- Question {n:03}? #card\n\t- {n}\n" for n in range(90))))
    with watching(many, opened) as watched:
        watched.open()
        page = watched.page
        chosen = page.locator(".row.chosen")
        for key, text in (("/", "Question 070"), ("/", "Question 040")):
            page.keyboard.press(key)
            page.locator("#search").fill(text)
            page.keyboard.press("Enter")
            page.keyboard.press("/")
            page.keyboard.press("Escape")
            expect(chosen).to_contain_text(text)
            expect(page.locator(".row")).to_have_count(90)
            expect(chosen).to_be_in_viewport(ratio=1)
            box, filters = chosen.bounding_box(), page.locator("#filters").bounding_box()
            assert box
            assert filters
            assert box["y"] >= filters["y"] + filters["height"], "the filters stay on top of the list"
        assert watched.complaints == []


def test_a_new_problem_comes_to_the_top_and_leads_to_its_line(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        expect(watched.page.locator("#problem-list li")).to_have_count(1)
        write(notes, b="- Other page? #card\n\t- ![](gone.png)\n")
        expect(watched.page.locator("#problem-list li")).to_have_count(2)
        watched.page.locator("#problem-list button", has_text="gone.png").click()
        expect(watched.page.locator("#title")).to_have_text("Other page?")
        expect(
            watched.page.locator("#source .source-line.warning mark, #source .source-line.error mark")
        ).to_contain_text("gone.png")
        watched.page.locator("#problem-list button", has_text="no answer").click()
        expect(watched.page.locator("#source .source-line.error")).to_contain_text("No answer #card")
        assert watched.complaints == []


def test_all_of_it_can_be_done_with_keys(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        title, keyboard = watched.page.locator("#title"), watched.page.keyboard
        keyboard.press("j")
        expect(title).to_contain_text("The sum is")
        keyboard.press("k")
        expect(title).to_contain_text("Kenya")
        keyboard.press("d")
        expect(watched.page.locator("#faces figure")).to_have_count(1)
        keyboard.press("d")
        expect(watched.page.locator("#faces figure")).to_have_attribute("data-ground", "dark")
        keyboard.press("d")
        expect(watched.page.locator("#faces figure")).to_have_count(2)
        keyboard.press("p")
        expect(watched.page.locator("#faces iframe").first).to_have_css("width", "390px")
        keyboard.press("/")
        keyboard.type("other")
        expect(watched.page.locator("#tree .row")).to_have_count(1)
        keyboard.press("Enter")
        expect(title).to_have_text("Other page?")
        keyboard.press("Space")
        watched.wait_for_face("yes")
        keyboard.press("/")
        keyboard.press("Escape")
        expect(watched.page.locator("#tree .row")).to_have_count(4)
        keyboard.press("?")
        expect(watched.page.locator("#help")).to_be_visible()
        keyboard.press("Escape")
        expect(watched.page.locator("#help")).to_be_hidden()
        assert watched.complaints == []


def test_keys_work_where_the_card_itself_has_the_focus(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        watched.wait_for_face("What is the capital of Kenya?")
        watched.page.frame_locator("iframe").first.locator("body").click()
        watched.page.keyboard.press("Space")
        watched.wait_for_face("Nairobi")


def test_filters_leave_what_they_name(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        rows, page = watched.page.locator("#tree .row"), watched.page
        page.get_by_label("Tag").select_option("geo")
        expect(rows).to_have_count(1)
        page.get_by_label("Tag").select_option("")
        page.get_by_label("Kind").select_option("cloze")
        expect(rows).to_have_count(1)
        page.get_by_label("Kind").select_option("")
        page.get_by_label("Deck").select_option("b")
        expect(rows).to_have_count(1)
        page.get_by_label("Deck").select_option("")
        page.locator("#which").select_option("problems")
        expect(rows).to_have_count(0)


def test_formulas_are_typeset_and_the_faces_are_as_high_as_they_need(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        watched.page.keyboard.press("j")
        frame = watched.page.frame_locator('figure[data-ground="light"] iframe')
        frame.locator("mjx-container svg").wait_for()
        assert watched.complaints == []
        inner = frame.locator("html").evaluate("html => html.scrollHeight - innerHeight")
        assert inner <= 0


def test_a_broken_config_is_told_and_mended(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        (notes / "ankigen.toml").write_text("context = 7\n")
        expect(watched.page.locator("#state.bad")).to_contain_text("ankigen.toml")
        (notes / "ankigen.toml").unlink()
        expect(watched.page.locator("#state.bad")).to_have_count(0)


def test_nothing_of_a_hostile_note_runs(opened: Browser, notes: Path) -> None:
    hostile = "<script>parent.ran = 1</script><img src=x onerror='parent.ran = 1'><svg onload='parent.ran=1'></svg>"
    write(
        notes,
        a=f"- {hostile} #card #<b>tag\n  deck:: {hostile}\n\t- {hostile}\n",
        **{"<img src=x onerror=ran=1>": "- q #card\n\t- a\n"},
    )
    with watching(notes, opened) as watched:
        watched.open()
        for key in ("Space", "j", "Space"):
            watched.page.keyboard.press(key)
        watched.page.locator("#source:visible").wait_for()
        watched.page.frame_locator("iframe").last.locator("#qa").wait_for()
        for frame in watched.page.frames:
            assert frame.evaluate("window.ran") is None


@pytest.mark.parametrize("width", [360, 1300])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_sideways_scroll_and_text_that_can_be_read(
    opened: Browser, notes: Path, width: int, scheme: str
) -> None:
    with watching(notes, opened, width=width, scheme=scheme) as watched:
        watched.open()
        page = watched.page
        assert page.locator("html").evaluate("html => html.scrollWidth - innerWidth") <= 0
        assert page.locator("body").evaluate((HERE / "contrasts.js").read_text()) == []


def test_every_control_has_a_name_and_a_place_in_the_order_of_tabs(opened: Browser, notes: Path) -> None:
    with watching(notes, opened) as watched:
        watched.open()
        nameless = watched.page.locator("body").evaluate(
            """body => [...body.querySelectorAll("button, input, select, iframe, a, [tabindex]")]
              .filter((one) => one.checkVisibility())
              .filter((one) => !(one.ariaLabel || one.title || one.textContent.trim() || one.labels?.length))
              .map((one) => one.outerHTML)"""
        )
        assert nameless == []


def test_a_formula_in_the_dark_has_the_ground_of_its_card(opened: Browser, tmp_path: Path) -> None:
    """MathJax draws it as SVG here, and a picture that is SVG gets white paper."""
    notes = named(write(tmp_path / "notes", a="- The sum is $1 + 1$ #card\n\t- $$2$$\n\t- ![](leaf.svg)\n"))
    (notes / "leaf.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0"/></svg>'
    )
    with watching(notes, opened) as watched:
        watched.open()
        watched.page.keyboard.press("Space")
        frame = watched.page.frame_locator('figure[data-ground="dark"] iframe')
        frame.locator("mjx-container svg").nth(1).wait_for()
        grounds = frame.locator("mjx-container > svg, img").evaluate_all(
            "all => all.map(one => `${one.localName} ${getComputedStyle(one).backgroundColor}`)"
        )
        assert grounds == ["svg rgba(0, 0, 0, 0)", "svg rgba(0, 0, 0, 0)", "img rgb(255, 255, 255)"]
        assert watched.complaints == []


def test_choices_are_shuffled_by_their_own_script(opened: Browser, notes: Path) -> None:
    options = "".join(f"\t- [{'x' if number == 1 else ' '}] choice {number}\n" for number in range(1, 9))
    write(notes, a=f"- Which? #card #choice\n{options}")
    with watching(notes, opened) as watched:
        watched.open()
        items = watched.page.frame_locator('figure[data-ground="light"] iframe').locator("ol.choices li")
        expect(items).to_have_count(8)
        assert items.all_inner_texts() != [f"choice {number}" for number in range(1, 9)]
        assert watched.complaints == []


def test_hidden_parts_lie_over_their_picture_and_a_click_takes_them_off(opened: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300"/></svg>'
    (folder / "assets").mkdir(parents=True)
    (folder / "assets/leaf.svg").write_text(svg, "utf-8")
    leaf = "- Name it #card\n  ![](assets/leaf.svg)\n\t- blade\n\t  area:: 25 50 30 10\n"
    choice = "- Which? #card #choice\n\t- [x] neon\n\t- [ ] iron\n"
    with watching(named(write(folder, a=leaf + choice)), opened) as watched:
        watched.open()
        watched.page.keyboard.press("Space")
        watched.wait_for_face("Show or hide the masks")
        face = watched.page.frame_locator('figure[data-ground="light"] iframe')
        face.locator("img").evaluate("picture => picture.decode()")
        picture, mask = (face.locator(each).bounding_box() for each in ("img", "svg rect"))
        assert picture
        assert mask
        assert abs(mask["x"] - picture["x"] - 0.25 * picture["width"]) < 2
        assert abs(mask["y"] - picture["y"] - 0.5 * picture["height"]) < 2
        assert abs(mask["width"] - 0.3 * picture["width"]) < 4
        face.locator("#toggle").click()
        expect(face.locator("#image-occlusion-canvas")).to_have_css("display", "none")
        assert watched.complaints == []


def test_formulas_stay_tex_and_that_is_said_where_mathjax_cannot_be_fetched(
    opened: Browser, notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing answers there
    with watching(notes, opened) as watched:
        watched.open()
        watched.page.keyboard.press("j")
        face = watched.page.frame_locator('figure[data-ground="light"] iframe')
        expect(face.locator(".ankigen-away")).to_contain_text("Formulas are shown as TeX")
        expect(face.locator("#qa")).to_contain_text(r"\(1 + 1\)")
        watched.page.keyboard.press("k")
        watched.wait_for_face("What is the capital of Kenya?")
        expect(face.locator(".ankigen-away")).to_have_count(0)


def test_nothing_runs_whichever_field_it_stands_in(opened: Browser, notes: Path) -> None:
    live = "<script>parent.ran = 1</script><img src=x onerror='top.ran = 1'><svg onload='ran = 1'></svg>"
    text = (
        f"title:: {live}\ntags:: {live}\ndescription:: {live}\n\n"
        f"- {live} #card #two-way\n  deck:: {live}\n  extra:: {live}\n  hint:: {live}\n  id:: {live}\n"
        f"  note-type:: {live}\n\t- {live}\n\t- ![{live}](gone.png)\n\t- `{live}` $${live}$$ [[{live}]] (({live}))\n"
        f"- {{{{cloze {live}}}}} and {{{{cloze two\\\\{live}}}}} #card\n"
        f"- {live} #card #choice\n\t- [x] {live}\n\t- [ ] {live}\n"
        "- perro #card\n  note-type:: Vocabulary\n"
        f"  meaning:: {live}\n  gender:: {live}\n\t- {live}\n\t- **Example**\n\t\t- {live}\n"
    )
    write_type(notes)
    with watching(notes, opened) as watched:
        watched.open()
        write(notes, a=text)  # as a change, too
        expect(watched.page.locator("#state")).to_contain_text("new")
        rows = watched.page.locator("#tree .row")
        for index in range(rows.count()):
            rows.nth(index).click()
            for _ in range(2):
                watched.page.locator("#source:visible").wait_for()
                watched.page.frame_locator("iframe").last.locator("#qa").wait_for()
                for frame in watched.page.frames:
                    assert frame.evaluate("window.ran") is None
                watched.page.keyboard.press("Space")
        assert rows.count() > 5
