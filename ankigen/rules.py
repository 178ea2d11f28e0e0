"""Every mistake in notes that is looked for, with notes that make it and the same notes mended.

`docs/rules.md` is made of this list.
"""

from __future__ import annotations

from typing import Literal

from ankigen.support.structs import Struct, replace


class File(Struct, frozen=True):
    """A file of an example; `encoding` is how it was saved. If it `is_link`, its text is where that leads."""

    path: str
    text: str
    encoding: str = "utf-8"
    is_link: bool = False


class Example(Struct, frozen=True):
    """A folder of notes; `before` is how it was at the build before this one."""

    files: tuple[File, ...]
    before: tuple[File, ...] = ()


class Rule(Struct, frozen=True):
    """A mistake that has a name; an error kept a card from being made."""

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
    """A page, and the note type Vocabulary; `others` stand in place of its own files."""
    definition = _defined('fields = ["Word", "Meaning", "Gender"]\ncards = ["Card"]\n')
    files = {file.path: file for file in (definition, _FRONT, _BACK, *others)}
    return Example((File("spanish.md", text), *files.values()))


RULES = (
    Rule(
        "ambiguous-identity",
        "warning",
        "A changed card could be either of two earlier ones, so it is treated as new.",
        Example((File("optics.md", "- Define it #card\n\t- A mirror\n"),), before=(_TWINS,)),
        Example(
            (File("optics.md", "- Define it #card\n\t- A mirror\n- Define it #card\n\t- A prism\n"),),
            before=(_TWINS,),
        ),
    ),
    Rule(
        "ambiguous-media",
        "warning",
        "A link names a file by its name alone, and there are several of that name; the nearest is shown.",
        _page("- What is this? ![[lens.svg]] #card\n\t- A lens\n", *_LENSES),
        _page("- What is this? ![[glass/lens.svg]] #card\n\t- A lens\n", *_LENSES),
    ),
    Rule(
        "area-form",
        "error",
        "`area::` says nothing that is a shape on a picture.",
        _page(_PARTS.format(area="circle 50 50 10"), _LEAF),
        _page(_PARTS.format(area="ellipse 45 45 10 10"), _LEAF),
    ),
    Rule(
        "area-missing-file",
        "error",
        "The picture that a card hides parts of is not where the link says, or cannot be packed.",
        _page(_PARTS.format(area="12 20 30 10")),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-no-picture",
        "error",
        "A card has hidden parts, and no picture in its question.",
        _page("- What is hidden? #card\n\t- blade\n\t  area:: 12 20 30 10\n", _LEAF),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-outside",
        "error",
        "A shape reaches beyond its picture, or is too small to be seen; its numbers are percent, not pixels.",
        _page(_PARTS.format(area="120 200 300 100"), _LEAF),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-overlap",
        "warning",
        "Two hidden parts of a picture lie over each other, so that the one gives the other away.",
        _page(_TWO_PARTS.format(area="12 20 30 10", other="12 20 30.5 10"), _LEAF),
        _page(_TWO_PARTS.format(area="12 20 30 10", other="50 20 30 10"), _LEAF),
    ),
    Rule(
        "area-remote",
        "error",
        "The picture that a card hides parts of stays on the web, where Anki cannot draw on it.",
        _page("- What is hidden? ![leaf](https://leaf.invalid/leaf.png) #card\n\t- blade\n\t  area:: 12 20 30 10\n"),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "area-svg-size",
        "warning",
        "An SVG with hidden parts does not say how large it is, and Anki shows it small.",
        _page(_PARTS.format(area="12 20 30 10"), _SIZELESS),
        _page(_PARTS.format(area="12 20 30 10"), _LEAF),
    ),
    Rule(
        "bad-schedule",
        "warning",
        "What another program wrote about the reviews of a card cannot be read (with the option `schedule`).",
        _page(f"- What bends light? #card\n{_REVIEWS.format(due='soon')}\t- A lens\n", _LOGSEQ),
        _page(f"- What bends light? #card\n{_REVIEWS.format(due='2024-05-01T22:00:00.000Z')}\t- A lens\n", _LOGSEQ),
    ),
    Rule(
        "broken-cloze",
        "warning",
        "Something looks like a cloze and hides nothing.",
        _page("- A {{cloze lens}} bends {{cloze light. #card\n"),
        _page("- A {{cloze lens}} bends {{cloze light}}. #card\n"),
    ),
    Rule(
        "broken-front-matter",
        "error",
        "The front matter of a page outside Logseq is no YAML; its cards are neither made nor removed until it is.",
        _page(f"---\ndeck: [Light: optics\n---\n{_LENS}"),
        _page(f'---\ndeck: "[Light: optics"\n---\n{_LENS}'),
    ),
    Rule(
        "broken-graph-config",
        "warning",
        "Logseq's own settings cannot be read, so its defaults count.",
        _page(_LENS, File("logseq/config.edn", "{:file/name-format\n")),
        _page(_LENS, File("logseq/config.edn", "{:file/name-format :triple-lowbar}\n")),
    ),
    Rule(
        "card-in-template",
        "warning",
        "A #card stands inside a template of Logseq, which makes no card until it is used.",
        _page("- card\n  template:: card\n\t- What bends light? #card\n\t\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "card-outside-block",
        "warning",
        "A #card stands above the first block of a page, where it belongs to no block.",
        _page("What bends light? #card\n\n- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "card-tag-in-code",
        "warning",
        "`#card` stands in code, a formula or a macro, where it makes no card.",
        _page("- What bends light? `#card`\n\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "cards-in-backups",
        "warning",
        "Old copies and whiteboards hold `#card`; they are not read.",
        Example((_GRAPH, File("pages/optics.md", _LENS), File("logseq/bak/old.md", _LENS))),
        Example((_GRAPH, File("pages/optics.md", _LENS))),
    ),
    Rule(
        "choice-direction",
        "warning",
        "A choice is asked in another direction, to be typed or to hide something, which it does not do.",
        _page(_CHOICE.replace("#choice", "#choice #type-in")),
        _page(_CHOICE),
    ),
    Rule(
        "choice-nested",
        "warning",
        "Boxes stand below a box of a choice; they are no choices, and are shown with its answer alone.",
        _page(_CHOICE.replace("\t- [ ] a mirror", "\t\t- [ ] a mirror") + "\t- [ ] a mirror\n"),
        _page(_CHOICE),
    ),
    Rule(
        "choice-no-right",
        "error",
        "No box of a choice is ticked, so that no answer would be right.",
        _page(_CHOICE.replace("[x]", "[ ]")),
        _page(_CHOICE),
    ),
    Rule(
        "choice-one",
        "warning",
        "A choice has less than two boxes; it is a card like any other.",
        _page("- What bends light? #card #choice\n\t- [x] a lens\n"),
        _page(_CHOICE),
    ),
    Rule(
        "choice-twice",
        "warning",
        "Two choices of a card say the same.",
        _page(_CHOICE + "\t- [ ] A mirror\n"),
        _page(_CHOICE),
    ),
    Rule(
        "cloze-direction",
        "warning",
        "A cloze card is asked for in another direction, which it does not have.",
        _page("- A {{cloze lens}} bends light. #card #bidirectional\n"),
        _page("- A {{cloze lens}} bends light. #card\n"),
    ),
    Rule(
        "cloze-without-card",
        "warning",
        "A cloze stands outside any card; Logseq makes no card of it either.",
        _page("- A {{cloze lens}} bends light.\n"),
        _page("- A {{cloze lens}} bends light. #card\n"),
    ),
    Rule(
        "conflict-copy",
        "warning",
        "A file is a copy of the page beside it, as sync services make them; none of its cards is made twice.",
        _page(_LENS, File("optics.sync-conflict-20260101-120000-ABCDEFG.md", _LENS)),
        _page(_LENS, File("optics 2.md", "- What parts light? #card\n\t- A prism\n")),
    ),
    Rule(
        "control-character",
        "warning",
        "An invisible control character stands in the text; cards leave it out.",
        _page("- What bends\x08 light? #card\n\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "dangling-reference",
        "warning",
        "A reference or embed leads to a block or page that is not there, or back to itself.",
        _page(f"- What is behind the pupil? #card\n\t- (({_ID[5:]}))\n"),
        _page(f"- What is behind the pupil? #card\n\t- (({_ID[5:]}))\n- A lens\n  {_ID}\n"),
    ),
    Rule(
        "deck-described-twice",
        "warning",
        "Two pages describe one deck, and say different things; the first counts.",
        _page(_DESCRIBED, File("prisms.md", _DESCRIBED.replace("Lenses", "Prisms").replace("bends", "parts"))),
        _page(_DESCRIBED, File("prisms.md", "deck:: Optics\n\n- What parts light? #card\n\t- A prism\n")),
    ),
    Rule(
        "deck-spelling",
        "warning",
        "A deck is written in two ways that are one deck to Anki, which takes no notice of case; the first counts.",
        _page(f"deck:: Optics\n\n{_LENS}- What parts light? #card\n  deck:: optics\n\t- A prism\n"),
        _page(f"deck:: Optics\n\n{_LENS}- What parts light? #card\n  deck:: Optics\n\t- A prism\n"),
    ),
    Rule(
        "dropped-macro",
        "warning",
        "A query or another macro of Logseq has no place on a card.",
        _page("- What bends light? #card\n\t- A lens {{query (todo now)}}\n"),
        _page(_LENS),
    ),
    Rule(
        "duplicate-id",
        "warning",
        "Two blocks have one `id::`; their words decide which note each is, and a new one gets an identity of its own.",
        _page(f"- What bends light? #card\n  {_ID}\n\t- A lens\n- What parts light? #card\n  {_ID}\n\t- A prism\n"),
        _page(
            f"- What bends light? #card\n  {_ID}\n\t- A lens\n- What parts light? #card\n  {_OTHER_ID}\n\t- A prism\n"
        ),
    ),
    Rule(
        "empty-folder",
        "warning",
        "A folder is empty and pages are gone: perhaps a disk that is not there now, so no note of theirs is removed.",
        Example((File("optics.md", _LENS), _ICLOUD_LEFTOVER), before=(_PRISM_PAGE,)),
        Example((File("optics.md", _LENS), _PRISM_PAGE), before=(_PRISM_PAGE,)),
    ),
    Rule(
        "excluded-page",
        "warning",
        "A page had cards, and is now excluded by `exclude` or a `.gitignore`; its notes stay in Anki as they are.",
        Example(
            (File("optics.md", _LENS), _PRISM_PAGE, File("ankigen.toml", 'exclude = ["prisms/"]\n')),
            before=(File("optics.md", _LENS), _PRISM_PAGE),
        ),
        Example((File("optics.md", _LENS), _PRISM_PAGE), before=(File("optics.md", _LENS), _PRISM_PAGE)),
    ),
    Rule(
        "field-name",
        "error",
        "A note type of your own has a field whose name Anki would change, or fills itself.",
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning", "Tags"]\ncards = ["Card"]\n')),
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning", "Labels"]\ncards = ["Card"]\n')),
    ),
    Rule(
        "field-twice",
        "warning",
        "A card says one field of its note type in two places.",
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gender:: masculine\n\t- dog\n\t- Gender: male\n"),
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gender:: masculine\n\t- dog\n"),
    ),
    Rule(
        "field-unknown",
        "warning",
        "A property is one letter away from a field of the card's note type.",
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gendre:: masculine\n\t- dog\n"),
        _vocabulary("- perro #card\n  note-type:: Vocabulary\n  gender:: masculine\n\t- dog\n"),
    ),
    Rule(
        "hidden-media",
        "warning",
        "A link leads to a hidden file, or into a hidden folder, which is never packed.",
        _page("- Draw a lens. #card\n\t- ![lens](.private/lens.svg)\n", _HIDDEN_PICTURE),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "hint-unshown",
        "warning",
        "A `hint::` is not shown: a cloze has hints of its own, and a card typed both ways would ask for it.",
        _page("- A {{cloze lens}} bends light. #card\n  hint:: of glass\n"),
        _page("- A {{cloze lens \\\\ of glass}} bends light. #card\n"),
    ),
    Rule(
        "media-elsewhere",
        "error",
        "A picture, sound or film is elsewhere for now; its card is not made, and keeps its note. "
        "Cannot be switched off.",
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.png)\n", File("assets/.lens.png.icloud", "")),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "missing-media",
        "warning",
        "A picture, sound or film is not where the link says.",
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
        "Anki would make no card of a cloze note, since nothing that it hides is text that is shown.",
        _page("- See ![{{cloze a lens}}](https://example.com/lens.png) #card\n"),
        _page("- A {{cloze lens}} bends light. #card\n"),
    ),
    Rule(
        "no-mermaid",
        "warning",
        "A Mermaid diagram is shown as its source: `mmdc` is missing, or cannot draw it.",
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
        "A file of a note type of your own is missing, cannot be read, or says what ankigen does not understand. "
        "Cannot be switched off.",
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card", "Recall"]\n')),
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card"]\n')),
    ),
    Rule(
        "note-type-name",
        "error",
        "The name of a note type of your own, or of a card of it, is one that Anki would change, or another one's.",
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card", "card"]\n')),
        _vocabulary(_PERRO, _defined('fields = ["Word", "Meaning"]\ncards = ["Card"]\n')),
    ),
    Rule(
        "note-type-schema",
        "error",
        "A field or a card of a note type of your own, which was built before, is gone, renamed or in another place.",
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
        "A template of a note type of your own runs a script, in the Anki of all who get its cards.",
        _vocabulary(_PERRO, File(_FRONT.path, "{{Word}}<script>alert(1)</script>\n")),
        _vocabulary(_PERRO, File(_FRONT.path, "<b>{{Word}}</b>\n")),
    ),
    Rule(
        "note-type-template",
        "error",
        "A template of a note type of your own is one that Anki cannot show.",
        _vocabulary(_PERRO, File(_FRONT.path, "{{Wort}}\n")),
        _vocabulary(_PERRO, File(_FRONT.path, "{{Word}}\n")),
    ),
    Rule(
        "note-type-unknown",
        "error",
        "A card asks for a note type that there is not.",
        _vocabulary("- perro #card\n  note-type:: Vocabluary\n\t- dog\n"),
        _vocabulary(_PERRO),
    ),
    Rule(
        "occlusion-broken",
        "error",
        "What the plugin wrote into `occlusion::` cannot be read, or is of more than one picture.",
        _page(_DRAWN.format(drawn=_ELEMENTS[:-9]), _LEAF),
        _page(_DRAWN.format(drawn=_ELEMENTS), _LEAF),
    ),
    Rule(
        "outside-media",
        "warning",
        "A link leads to a file outside the notes, which is never packed.",
        _page("- Draw a lens. #card\n\t- ![lens](../lens.svg)\n"),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "question-from-parent",
        "warning",
        "A block of nothing but `#card` asks for its parent's text.",
        _page("- What bends light?\n\t- #card\n\t\t- A lens\n"),
        _page(_LENS),
    ),
    Rule(
        "remote-media",
        "warning",
        "A picture on the web could not be brought into the deck, so it stays on the web.",
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
        "A block was reviewed in Logseq and has lost its `#card`.",
        _page("- What bends light?\n  card-repeats:: 3\n\t- A lens\n"),
        _page("- What bends light? #card\n  card-repeats:: 3\n\t- A lens\n"),
    ),
    Rule(
        "same-card",
        "warning",
        "A card asks and answers the same as an earlier one of its deck.",
        _page(_LENS, File("lenses.md", _SAME_DECK)),
        _page(_LENS, File("lenses.md", _SAME_DECK.replace("A lens", "A lens of glass"))),
    ),
    Rule(
        "speak-language",
        "warning",
        "A `speak::` is no language with its country, so nothing is read aloud.",
        _page("- la lentille #card\n  speak:: French\n\t- the lens\n"),
        _page("- la lentille #card\n  speak:: fr_FR\n\t- the lens\n"),
    ),
    Rule(
        "speak-nothing",
        "warning",
        "A `speak::` finds no words to read, or your own program made no sound of them.",
        _page("- `lens` #card\n  speak:: en_GB\n\t- a piece of glass\n"),
        _page("- `lens` #card\n  speak-answer:: en_GB\n\t- a piece of glass\n"),
    ),
    Rule(
        "style-address",
        "warning",
        "Your own CSS leads to the web, or imports a file: no card shows that without a network, or at all.",
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
        "Blocks, clozes or references lie too deep in each other; what is too deep stays as it is written.",
        _page(f"- A {'{{cloze ' * 11}lens{'}}' * 11} bends light. #card\n"),
        _page("- A {{cloze {{cloze glass}} lens}} bends light. #card\n"),
    ),
    Rule(
        "too-large",
        "warning",
        "A card shows too much of other places, hides more than Anki counts, or asks for what takes too long.",
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
        "The marks of a merge are in a page; until it is decided, its cards stay as they are. Cannot be switched off.",
        _page(f"<<<<<<< HEAD\n{_LENS}=======\n- What bends light? #card\n\t- A prism\n>>>>>>> branch\n"),
        _page(_LENS),
    ),
    Rule(
        "unread-link",
        "warning",
        "A link leads out of the notes, or to what is hidden there; what is behind it is not read.",
        _page(_LENS, File("mirrors", "..", is_link=True)),
        _page(_LENS, File("mirrors.md", "optics.md", is_link=True)),
    ),
    Rule(
        "unread-pattern",
        "warning",
        "A line of a `.gitignore` is no pattern, or one that would take long to match; it is passed by.",
        _page(_LENS, File(".gitignore", "*a*b*c*d*\n")),
        _page(_LENS, File(".gitignore", "drafts/\n")),
    ),
    Rule(
        "unreadable-file",
        "error",
        "A file cannot be read as text, or is elsewhere for now; none of its cards is made or removed. "
        "Cannot be switched off.",
        Example((File("optics.md", "- Who built the lens of Café Müller? #card\n\t- Nobody\n", "latin-1"),)),
        _page("- Who built the lens of Café Müller? #card\n\t- Nobody\n"),
    ),
    Rule(
        "unsafe-formula",
        "warning",
        "A formula holds a command that reaches out of mathematics, such as a link or a style; it is left out.",
        _page("- What is light? #card\n\t- $\\href{https://example.com/light}{E = h\\nu}$\n"),
        _page("- What is light? #card\n\t- [light](https://example.com/light): $E = h\\nu$\n"),
    ),
    Rule(
        "unsafe-link",
        "warning",
        "A link leads to what a card must not open.",
        _page("- Where is the note? #card\n\t- [here](file:///home/me/note.md)\n"),
        _page("- Where is the note? #card\n\t- [here](https://example.com/note)\n"),
    ),
    Rule(
        "unsuitable-media",
        "warning",
        "A link shows a file that Anki neither shows nor plays, or one larger than 100 MB; it is never packed.",
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.md)\n", File("assets/lens.md", "()\n")),
        _page("- Draw a lens. #card\n\t- ![lens](assets/lens.svg)\n", _PICTURE),
    ),
    Rule(
        "wrong-encoding",
        "warning",
        "Text was once read with the wrong encoding and saved so.",
        _page("- Who wrote about light? #card\n\t- CafÃ© MÃ¼ller\n"),
        _page("- Who wrote about light? #card\n\t- Café Müller\n"),
    ),
    Rule(
        "wrong-order",
        "warning",
        "An `order::` is no number, so it says nothing about the order of new cards.",
        _page("- What bends light? #card\n  order:: first\n\t- A lens\n"),
        _page("- What bends light? #card\n  order:: 1\n\t- A lens\n"),
    ),
)
NAMES = frozenset(rule.name for rule in RULES)
OF_ABSENCE = frozenset({"broken-front-matter", "media-elsewhere", "unmerged-page", "unreadable-file"})
"""Rules for what is not here as a whole: each keeps the notes of its page, or of its card, and leaves all others."""
LOUD = OF_ABSENCE | {"note-type-file"}
"""Rules that cannot be switched off: cards would go missing in silence."""
