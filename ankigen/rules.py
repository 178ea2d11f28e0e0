"""Every mistake that ankigen looks for in notes, with an example that makes it and one that does not.

`docs/rules.md` is made of this list.
"""

from __future__ import annotations

from typing import Literal

from ankigen.support.structs import Struct, replace


class File(Struct, frozen=True):
    """A file of an example, saved in `encoding`. If it `is_link`, it is a symbolic link to `text`."""

    path: str
    text: str
    encoding: str = "utf-8"
    is_link: bool = False


class Example(Struct, frozen=True):
    """A folder of notes; `before` holds its files at the previous build."""

    files: tuple[File, ...]
    before: tuple[File, ...] = ()


class Rule(Struct, frozen=True):
    """A kind of mistake; an error means that a card was not made."""

    name: str
    severity: Literal["error", "warning"]
    meaning: str
    bad: Example
    good: Example


def _page(text: str, *others: File) -> Example:
    return Example((File("optics.md", text), *others))


_LENS = "- What bends light? #card\n\t- A lens\n"
_DESCRIBED = f"deck:: Optics\ndescription:: Lenses\n\n{_LENS}"
_PICTURE = File("assets/lens.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>\n')
_LENSES = (File("glass/lens.svg", _PICTURE.text), File("water/lens.svg", f"{_PICTURE.text}\n"))
_HIDDEN_PICTURE = File(".private/lens.svg", _PICTURE.text)
_DIAGRAM = "- How does light travel? #card\n\t- ```mermaid\n\t  graph LR; sun --> eye\n\t  ```\n"
_DOWNLOAD = File("ankigen.toml", '[media]\nremote = "download"\n')
_CONFIG_OF_STYLE = File("ankigen.toml", 'css = "cards.css"\n')
_GRAPH = File("logseq/config.edn", "{}\n")
_ID = "id:: 6f1d7c1e-58b3-4a0b-9d2e-0a4c5b7d9e11"
_OTHER_ID = "id:: 0b9c3a52-7a4e-4c0e-8f57-2f1f6f0f8a10"
_PRISM_PAGE = File("prisms/prisms.md", "- What parts light? #card\n\t- A prism\n")
_ICLOUD_LEFTOVER = File("prisms/.DS_Store", "")
_LOGSEQ = File("ankigen.toml", 'schedule = "logseq"\n')
_REVIEWS = (
    "  card-last-interval:: 12.4\n"
    "  card-repeats:: 3\n"
    "  card-next-schedule:: {due}\n"
    "  card-last-reviewed:: 2024-04-19T12:34:56.789Z\n"
)
_LEAF = File("assets/leaf.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="260" height="200"/>\n')
_SIZELESS = File("assets/leaf.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 260 200"/>\n')
_PARTS = "- What is hidden? ![leaf](assets/leaf.svg) #card\n\t- blade\n\t  area:: {area}\n"
_TWO_PARTS = _PARTS + "\t- midrib\n\t  area:: {other}\n"
_DRAWN = "- What is hidden? ![leaf](assets/leaf.svg) #card\n  occlusion:: {drawn}\n"
_ELEMENTS = (
    "eyJhc3NldHMvbGVhZi5zdmciOnsiY29uZmlnIjp7ImhpZGVBbGxUZXN0T25lIjpmYWxzZX0sImVsZW1lbnRzIjpb"
    "eyJsZWZ0Ijo2MCwidG9wIjo1MCwid2lkdGgiOjQwLCJoZWlnaHQiOjIwLCJhbmdsZSI6MCwiY0lkIjoxfV19fQ=="
)
_CHOICE = "- What bends light? #card #choice\n\t- [x] a lens\n\t- [ ] a mirror\n"
_TWINS = File("optics.md", "- Define it #card\n\t- A lens\n- Define it #card\n\t- A prism\n")
_SAME_DECK = f"deck:: optics\n\n{_LENS}"
_VOCABULARY = "note_types/Vocabulary"
_PERRO = "- perro #card\n  note-type:: Vocabulary\n\t- dog\n"
_FRONT = File(f"{_VOCABULARY}/Card.front.html", "{{Word}}\n")
_BACK = File(f"{_VOCABULARY}/Card.back.html", "{{FrontSide}}<hr id=answer>{{Meaning}}\n")


def _defined(text: str) -> File:
    return File(f"{_VOCABULARY}/note_type.toml", text)


def _vocabulary(text: str, *others: File) -> Example:
    """A page and the note type Vocabulary, with `others` in place of its files of the same name."""
    definition = _defined('fields = ["Word", "Meaning", "Gender"]\ncards = ["Card"]\n')
    files = {file.path: file for file in (definition, _FRONT, _BACK, *others)}
    return Example((File("spanish.md", text), *files.values()))


RULES = (
    Rule(
        "ambiguous-identity",
        "warning",
        "A changed card could be either of two earlier cards, so it is treated as new.",
        Example((File("optics.md", "- Define it #card\n\t- A mirror\n"),), before=(_TWINS,)),
        Example(
            (File("optics.md", "- Define it #card\n\t- A mirror\n- Define it #card\n\t- A prism\n"),),
            before=(_TWINS,),
        ),
    ),
    Rule(
        "ambiguous-media",
        "warning",
        "A link gives only a file name, and several files have that name; the nearest one is used.",
        _page("- What is this? ![[lens.svg]] #card\n\t- A lens\n", *_LENSES),
        _page("- What is this? ![[glass/lens.svg]] #card\n\t- A lens\n", *_LENSES),
    ),
    Rule(
        "area-form",
        "error",
        "The value of `area::` is not a shape.",
        _page(_PARTS.format(area="circle 50 50 10"), _LEAF),
        _page(_PARTS.format(area="ellipse 45 45 10 10"), _LEAF),
    ),
    Rule(
        "area-missing-file",
        "error",
        "The picture whose parts a card hides does not exist, or cannot be packed.",
        _page(_PARTS.format(area="12 20 30 10")),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-no-picture",
        "error",
        "A card has hidden parts, but no picture in its question.",
        _page("- What is hidden? #card\n\t- blade\n\t  area:: 12 20 30 10\n", _LEAF),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-outside",
        "error",
        "A shape reaches outside its picture, or is too small to see; its numbers are percent, not pixels.",
        _page(_PARTS.format(area="120 200 300 100"), _LEAF),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-overlap",
        "warning",
        "Two hidden parts of a picture overlap, so one gives away the other.",
        _page(_TWO_PARTS.format(area="12 20 30 10", other="12 20 30.5 10"), _LEAF),
        _page(_TWO_PARTS.format(area="12 20 30 10", other="50 20 30 10"), _LEAF),
    ),
    Rule(
        "area-remote",
        "error",
        "The picture whose parts a card hides is on the web, where Anki cannot draw on it.",
        _page("- What is hidden? ![leaf](https://leaf.invalid/leaf.png) #card\n\t- blade\n\t  area:: 12 20 30 10\n"),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-svg-size",
        "warning",
        "An SVG with hidden parts does not state its size, so Anki shows it small.",
        _page(_PARTS.format(area="12 20 30 10"), _SIZELESS),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "bad-schedule",
        "warning",
        "The schedule that another program wrote into a card cannot be read (with the option `schedule`).",
        _page(f"- What bends light? #card\n{_REVIEWS.format(due='soon')}\t- A lens\n", _LOGSEQ),
        _page(f"- What bends light? #card\n{_REVIEWS.format(due='2024-05-01T22:00:00.000Z')}\t- A lens\n", _LOGSEQ),
    ),
    Rule(
        "broken-cloze",
        "warning",
        "Something looks like a cloze, but hides nothing.",
        _page("- A {{cloze lens}} bends {{cloze light. #card\n"),
        _page("- A {{cloze lens}} bends {{cloze light}}. #card\n"),
    ),
    Rule(
        "broken-front-matter",
        "error",
        "The front matter of a page outside Logseq is not valid YAML; until it is, its cards are not made or removed.",
        _page(f"---\ndeck: [Light: optics\n---\n{_LENS}"),
        _page(f'---\ndeck: "[Light: optics"\n---\n{_LENS}'),
    ),
    Rule(
        "broken-graph-config",
        "warning",
        "Logseq's settings cannot be read, so its defaults apply.",
        _page(_LENS, File("logseq/config.edn", "{:file/name-format\n")),
        _page(_LENS, File("logseq/config.edn", "{:file/name-format :triple-lowbar}\n")),
    ),
    Rule(
        "card-in-template",
        "warning",
        "A #card is inside a Logseq template, which makes no card until it is used.",
        _page("- card\n  template:: card\n\t- What bends light? #card\n\t\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "card-outside-block",
        "warning",
        "A #card is above the first block of a page, so it belongs to no block.",
        _page("What bends light? #card\n\n- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "card-tag-in-code",
        "warning",
        "`#card` is in code, a formula or a macro, where it makes no card.",
        _page("- What bends light? `#card`\n\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "card-twice",
        "warning",
        "Two lines of one block have a #card, but a block is one card: the second line is a part of it.",
        _page("# Optics\n\nWhat bends light? #card\nA lens\n\nWhat parts its colours? #card\nA prism\n"),
        _page("# Optics\n\n## What bends light? #card\nA lens\n\n## What parts its colours? #card\nA prism\n"),
    ),
    Rule(
        "cards-in-backups",
        "warning",
        "Backups or whiteboards contain `#card`; they are not read.",
        Example((_GRAPH, File("pages/optics.md", _LENS), File("logseq/bak/old.md", _LENS))),
        Example((_GRAPH, File("pages/optics.md", _LENS))),
    ),
    Rule(
        "choice-direction",
        "warning",
        "A `#choice` is combined with a direction, `#type-in`, a cloze or your own note type, which it cannot be.",
        _page(_CHOICE.replace("#choice", "#choice #type-in")),
        _page(_CHOICE),
    ),
    Rule(
        "choice-nested",
        "warning",
        "Checkboxes below another checkbox are not choices; they are shown only with the answer.",
        _page(_CHOICE.replace("\t- [ ] a mirror", "\t\t- [ ] a mirror") + "\t- [ ] a mirror\n"),
        _page(_CHOICE),
    ),
    Rule(
        "choice-no-right",
        "error",
        "No checkbox of a multiple-choice card is ticked, so no answer would be right.",
        _page(_CHOICE.replace("[x]", "[ ]")),
        _page(_CHOICE),
    ),
    Rule(
        "choice-one",
        "warning",
        "A multiple-choice card has fewer than two checkboxes, so it becomes an ordinary card.",
        _page("- What bends light? #card #choice\n\t- [x] a lens\n"),
        _page(_CHOICE),
    ),
    Rule(
        "choice-twice",
        "warning",
        "Two choices of a card are the same.",
        _page(_CHOICE + "\t- [ ] A mirror\n"),
        _page(_CHOICE),
    ),
    Rule(
        "cloze-direction",
        "warning",
        "A cloze card cannot be reversed; its direction is ignored.",
        _page("- A {{cloze lens}} bends light. #card #bidirectional\n"),
        _page("- A {{cloze lens}} bends light. #card\n"),
    ),
    Rule(
        "cloze-without-card",
        "warning",
        "A cloze is outside any card; Logseq makes no card of it either.",
        _page("- A {{cloze lens}} bends light.\n"),
        _page("- A {{cloze lens}} bends light. #card\n"),
    ),
    Rule(
        "conflict-copy",
        "warning",
        "A file is a copy of the page beside it, made by a sync service; its cards are not made twice.",
        _page(_LENS, File("optics.sync-conflict-20260101-120000-ABCDEFG.md", _LENS)),
        _page(_LENS, File("optics 2.md", "- What parts light? #card\n\t- A prism\n")),
    ),
    Rule(
        "control-character",
        "warning",
        "The text contains an invisible control character; cards leave it out.",
        _page("- What bends\x08 light? #card\n\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "dangling-reference",
        "warning",
        "A reference or embed points to a block or page that does not exist, or back to itself.",
        _page(f"- What is behind the pupil? #card\n\t- (({_ID[5:]}))\n"),
        _page(f"- What is behind the pupil? #card\n\t- (({_ID[5:]}))\n- A lens\n  {_ID}\n"),
    ),
    Rule(
        "deck-described-twice",
        "warning",
        "Two pages give one deck different descriptions; the first one is used.",
        _page(_DESCRIBED, File("prisms.md", _DESCRIBED.replace("Lenses", "Prisms").replace("bends", "parts"))),
        _page(_DESCRIBED, File("prisms.md", "deck:: Optics\n\n- What parts light? #card\n\t- A prism\n")),
    ),
    Rule(
        "deck-spelling",
        "warning",
        "A deck is spelled in two ways that Anki, which ignores case, treats as one; the first one is used.",
        _page(f"deck:: Optics\n\n{_LENS}- What parts light? #card\n  deck:: optics\n\t- A prism\n"),
        _page(f"deck:: Optics\n\n{_LENS}- What parts light? #card\n  deck:: Optics\n\t- A prism\n"),
    ),
    Rule(
        "dropped-macro",
        "warning",
        "A Logseq query or another macro cannot be shown on a card.",
        _page("- What bends light? #card\n\t- A lens {{query (todo now)}}\n"),
        _page(_LENS),
    ),
    Rule(
        "duplicate-id",
        "warning",
        "Two blocks have the same `id::`; their text decides which note each is, and a new one gets a new identity.",
        _page(f"- What bends light? #card\n  {_ID}\n\t- A lens\n- What parts light? #card\n  {_ID}\n\t- A prism\n"),
        _page(
            f"- What bends light? #card\n  {_ID}\n\t- A lens\n- What parts light? #card\n  {_OTHER_ID}\n\t- A prism\n"
        ),
    ),
    Rule(
        "empty-folder",
        "warning",
        "A folder is empty and its pages are gone, perhaps because a disk is not mounted; their notes are not removed.",
        Example((File("optics.md", _LENS), _ICLOUD_LEFTOVER), before=(_PRISM_PAGE,)),
        Example((File("optics.md", _LENS), _PRISM_PAGE), before=(_PRISM_PAGE,)),
    ),
    Rule(
        "excluded-page",
        "warning",
        "A page with cards is now excluded by `exclude` or a `.gitignore`; its notes stay in Anki unchanged.",
        Example(
            (File("optics.md", _LENS), _PRISM_PAGE, File("ankigen.toml", 'exclude = ["prisms/"]\n')),
            before=(File("optics.md", _LENS), _PRISM_PAGE),
        ),
        Example((File("optics.md", _LENS), _PRISM_PAGE), before=(File("optics.md", _LENS), _PRISM_PAGE)),
    ),
    Rule(
        "field-name",
        "error",
        "A field name of your note type is one that Anki would change, or that Anki fills in itself.",
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning", "Tags"]\ncards = ["Card"]\n')),
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning", "Labels"]\ncards = ["Card"]\n')),
    ),
    Rule(
        "field-twice",
        "warning",
        "A card sets a field of its note type in two places.",
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gender:: masculine\n\t- dog\n\t- Gender: male\n"),
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gender:: masculine\n\t- dog\n"),
    ),
    Rule(
        "field-unknown",
        "warning",
        "A property looks like a misspelled field of the card's note type.",
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gendre:: masculine\n\t- dog\n"),
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gender:: masculine\n\t- dog\n"),
    ),
    Rule(
        "hidden-media",
        "warning",
        "A link points to a hidden file or folder, which is never packed.",
        _page("- Draw a lens. #card\n\t- ![lens](.private/lens.svg)\n", _HIDDEN_PICTURE),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "hint-unshown",
        "warning",
        "A `hint::` is not shown: clozes have their own hints, and a card typed in both directions would ask for it.",
        _page("- A {{cloze lens}} bends light. #card\n  hint:: of glass\n"),
        _page("- A {{cloze lens \\\\ of glass}} bends light. #card\n"),
    ),
    Rule(
        "media-elsewhere",
        "error",
        "A picture, sound or video is not on this machine for now; its card is not made, and its note stays in Anki. "
        "Cannot be switched off.",
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.png)\n", File("assets/.lens.png.icloud", "")),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "missing-media",
        "warning",
        "A picture, sound or video does not exist.",
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n"),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "no-answer",
        "error",
        "A card has nothing on its back.",
        _page("- What bends light? #card\n- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "no-card",
        "error",
        "Anki would make no card of a cloze note, because none of its clozes is in visible text.",
        _page("- See ![{{cloze a lens}}](https://example.com/lens.png) #card\n"),
        _page("- A {{cloze lens}} bends light. #card\n"),
    ),
    Rule(
        "no-mermaid",
        "warning",
        "A Mermaid diagram is shown as source: `mmdc` is missing, or cannot draw it.",
        _page(_DIAGRAM),
        _page("- How does light travel? #card\n\t- From the sun to the eye\n"),
    ),
    Rule(
        "no-question",
        "error",
        "A card has nothing on its front.",
        _page("-\n\t- #card\n\t\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "note-type-file",
        "error",
        "A file of your note type is missing, cannot be read, or contains something ankigen does not understand. "
        "Cannot be switched off.",
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card", "Recall"]\n')),
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card"]\n')),
    ),
    Rule(
        "note-type-name",
        "error",
        "The name of your note type, or of one of its cards, is one that Anki would change, or is already used.",
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card", "card"]\n')),
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card"]\n')),
    ),
    Rule(
        "note-type-schema",
        "error",
        "A field or card of your note type, built before, was removed, renamed or moved.",
        replace(
            _vocabulary(_PERRO, _defined('fields = ["Word", "Gender"]\ncards = ["Card"]\n')),
            before=_vocabulary(_PERRO).files,
        ),
        replace(
            _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning", "Gender", "Note"]\ncards = ["Card"]\n')),
            before=_vocabulary(_PERRO).files,
        ),
    ),
    Rule(
        "note-type-script",
        "warning",
        "A template of your note type runs a script in the Anki of everyone who gets its cards.",
        _vocabulary(_PERRO, File(_FRONT.path, "{{Word}}<script>alert(1)</script>\n")),
        _vocabulary(_PERRO, File(_FRONT.path, "<b>{{Word}}</b>\n")),
    ),
    Rule(
        "note-type-template",
        "error",
        "A template of your note type is one that Anki cannot show.",
        _vocabulary(_PERRO, File(_FRONT.path, "{{Wort}}\n")),
        _vocabulary(_PERRO, File(_FRONT.path, "{{Word}}\n")),
    ),
    Rule(
        "note-type-unknown",
        "error",
        "A card asks for a note type that does not exist.",
        _vocabulary("- perro #card\n  note-type:: Vocabluary\n\t- dog\n"),
        _vocabulary(_PERRO),
    ),
    Rule(
        "occlusion-broken",
        "error",
        "What the plugin wrote into `occlusion::` cannot be read, or is for more than one picture.",
        _page(_DRAWN.format(drawn=_ELEMENTS[:-9]), _LEAF),
        _page(_DRAWN.format(drawn=_ELEMENTS), _LEAF),
    ),
    Rule(
        "outside-media",
        "warning",
        "A link points to a file outside the notes, which is never packed.",
        _page("- Draw a lens. #card\n\t- ![lens](../lens.svg)\n"),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "question-from-parent",
        "warning",
        "A block that contains only `#card` uses its parent's text as the question.",
        _page("- What bends light?\n\t- #card\n\t\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "remote-media",
        "warning",
        "A picture on the web could not be downloaded into the deck, so the card loads it from the web.",
        _page("- Draw a lens. #card\n\t- ![lens](http://lens.invalid/lens.png)\n", _DOWNLOAD),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _DOWNLOAD, _PICTURE),
    ),
    Rule(
        "removed-html",
        "warning",
        "HTML that could load or run something, or that no browser shows, is left out of a card.",
        _page('- What bends light? #card\n\t- A lens <iframe src="https://example.com/lens"></iframe>\n'),
        _page("- What bends light? #card\n\t- A [lens](https://example.com/lens), as an `<iframe>` shows it\n"),
    ),
    Rule(
        "review-without-card",
        "warning",
        "A block was reviewed in Logseq, but no longer has `#card`.",
        _page("- What bends light?\n  card-repeats:: 3\n\t- A lens\n"),
        _page("- What bends light? #card\n  card-repeats:: 3\n\t- A lens\n"),
    ),
    Rule(
        "same-card",
        "warning",
        "A card has the same question and answer as an earlier card of its deck.",
        _page(_LENS, File("lenses.md", _SAME_DECK)),
        _page(_LENS, File("lenses.md", _SAME_DECK.replace("A lens", "A lens of glass"))),
    ),
    Rule(
        "speak-language",
        "warning",
        "A `speak::` is not a language with its country, so nothing is read aloud.",
        _page("- la lentille #card\n  speak:: French\n\t- the lens\n"),
        _page("- la lentille #card\n  speak:: fr_FR\n\t- the lens\n"),
    ),
    Rule(
        "speak-nothing",
        "warning",
        "A `speak::` finds no words to read, or your speech program made no sound.",
        _page("- `lens` #card\n  speak:: en_GB\n\t- a piece of glass\n"),
        _page("- `lens` #card\n  speak-answer:: en_GB\n\t- a piece of glass\n"),
    ),
    Rule(
        "style-address",
        "warning",
        "Your CSS links to the web, or imports a file: cards show that only online, or not at all.",
        Example(
            (
                _CONFIG_OF_STYLE,
                File("cards.css", ".card { background: url(https://example.com/lens.svg) }\n"),
                File("optics.md", _LENS),
            )
        ),
        Example(
            (
                _CONFIG_OF_STYLE,
                File("cards.css", ".card { background: url(assets/lens.svg) }\n"),
                File("optics.md", _LENS),
                _PICTURE,
            )
        ),
    ),
    Rule(
        "too-deep",
        "warning",
        "Blocks, clozes or references are nested too deeply; what is too deep stays as written.",
        _page(f"- A {'{{cloze ' * 11}lens{'}}' * 11} bends light. #card\n"),
        _page("- A {{cloze {{cloze glass}} lens}} bends light. #card\n"),
    ),
    Rule(
        "too-large",
        "warning",
        "A card embeds too much, hides more than Anki allows, or contains something that takes too long.",
        _page('- A lens bends light. #card\n  replacecloze:: " /([a-z ]+)+!/ "\n\t- It is made of glass.\n'),
        _page('- A lens bends light. #card\n  replacecloze:: " /l[a-z]+s/ "\n\t- It is made of glass.\n'),
    ),
    Rule(
        "unknown-rule",
        "warning",
        "`ankigen-ignore::` names a rule that does not exist.",
        _page("- What bends light? #card\n  ankigen-ignore:: no-anser\n\t- A lens\n"),
        _page("- What bends light? #card\n  ankigen-ignore:: no-answer\n\t- A lens\n"),
    ),
    Rule(
        "unmerged-page",
        "error",
        "A page contains merge conflict markers; until they are resolved, its cards stay unchanged. "
        "Cannot be switched off.",
        _page(f"<<<<<<< HEAD\n{_LENS}=======\n- What bends light? #card\n\t- A prism\n>>>>>>> branch\n"),
        _page(_LENS),
    ),
    Rule(
        "unread-link",
        "warning",
        "A symbolic link points outside the notes or to something hidden; its target is not read.",
        _page(_LENS, File("mirrors", "..", is_link=True)),
        _page(_LENS, File("mirrors.md", "optics.md", is_link=True)),
    ),
    Rule(
        "unread-pattern",
        "warning",
        "A line of a `.gitignore` is not a valid pattern, or would take long to match; it is ignored.",
        _page(_LENS, File(".gitignore", "*a*b*c*d*\n")),
        _page(_LENS, File(".gitignore", "drafts/\n")),
    ),
    Rule(
        "unreadable-file",
        "error",
        "A file cannot be read as text, or is not on this machine for now; its cards are not made or removed. "
        "Cannot be switched off.",
        Example((File("optics.md", "- Who built the lens of Café Müller? #card\n\t- Nobody\n", "latin-1"),)),
        _page("- Who built the lens of Café Müller? #card\n\t- Nobody\n"),
    ),
    Rule(
        "unsafe-formula",
        "warning",
        "A formula contains a command that is not mathematics, such as a link or a style; it is left out.",
        _page("- What is light? #card\n\t- $\\href{https://example.com/light}{E = h\\nu}$\n"),
        _page("- What is light? #card\n\t- [light](https://example.com/light): $E = h\\nu$\n"),
    ),
    Rule(
        "unsafe-link",
        "warning",
        "A link points to something that a card must not open.",
        _page("- Where is the note? #card\n\t- [here](file:///home/me/note.md)\n"),
        _page("- Where is the note? #card\n\t- [here](https://example.com/note)\n"),
    ),
    Rule(
        "unsuitable-media",
        "warning",
        "A link embeds a file that Anki cannot show or play, or that is larger than 100 MB; it is never packed.",
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.md)\n", File("assets/lens.md", "()\n")),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "wrong-encoding",
        "warning",
        "Text was once read with the wrong encoding and saved that way.",
        _page("- Who wrote about light? #card\n\t- CafÃ© MÃ¼ller\n"),
        _page("- Who wrote about light? #card\n\t- Café Müller\n"),
    ),
    Rule(
        "wrong-order",
        "warning",
        "An `order::` is not a number, so it is ignored.",
        _page("- What bends light? #card\n  order:: first\n\t- A lens\n"),
        _page("- What bends light? #card\n  order:: 1\n\t- A lens\n"),
    ),
)
NAMES = frozenset(rule.name for rule in RULES)
OF_ABSENCE = frozenset({"broken-front-matter", "media-elsewhere", "unmerged-page", "unreadable-file"})
"""Rules for pages and files that are incomplete: the notes of the page or card are kept, all others are synced."""
LOUD = OF_ABSENCE | {"note-type-file"}
"""Rules that cannot be switched off, because cards would go missing silently."""
