"""Each tool's notes as it leaves them in Anki, and the pages that they were made from."""

from __future__ import annotations

from collections.abc import Callable

from anki.collection import Collection

from tests.helpers.foreign_notes import add, note_type

COUNT = 12
"""How many notes each of them makes."""
_UUID = "6f000000-0000-4000-8000-0000000000{:02}"

Pages = dict[str, str]
"""The text of each page, by its name."""


def logseq_anki_sync(collection: Collection) -> Pages:
    """Always Cloze: both directions of a block are c1 and c2; the numbers of clozes may have gaps."""
    note_type(collection, "My_GraphModel", ["uuid-type", "uuid", "Text", "Extra", "Breadcrumb", "Config"], cloze=True)
    page = ""
    for n in range(COUNT):
        uuid = _UUID.format(n)
        if n % 3 == 0:
            kind, text = "multiline_card", f"{{{{c2::Question {n}}}}} <ul>{{{{c1::Answer {n}}}}}</ul>"
            page += f"- Question {n} #card #bidirectional\n  id:: {uuid}\n\t- Answer {n}\n"
        elif n % 3 == 1:
            kind, text = "cloze", f"The {{{{c7::sun {n}}}}} is a {{{{c3::star {n}}}}}"
            page += f"- The {{{{cloze sun {n}}}}} is a {{{{cloze star {n}}}}} #card\n  id:: {uuid}\n"
        else:
            kind, text = "cloze", f"{{{{c1::one {n}}}}} {{{{c3::two {n}}}}} {{{{c4::three {n}}}}}"
            page += f"- {{{{cloze one {n}}}}} {{{{cloze two {n}}}}} {{{{cloze three {n}}}}} #card\n  id:: {uuid}\n"
        fields = {"uuid-type": f"{uuid}-{kind}", "uuid": uuid, "Text": text, "Breadcrumb": "<a>page</a>"}
        add(collection, "My_GraphModel", fields, ["mine"])
    return {"page": page}


def obsidian_to_anki(collection: Collection) -> Pages:
    note_type(collection, "Obs", ["Front", "Back"])
    ids = [
        add(collection, "Obs", {"Front": f"<p>Q{n}</p>", "Back": f"Of old {n}"}, ["Obsidian_to_Anki", "mine"])
        for n in range(COUNT)
    ]
    return {
        "page": "".join(
            f"- Q{n} said anew #card\n\t- Reworded {n}\n\t  " + (f"<!--ID: {id_}-->\n" if n % 2 else f"ID: {id_}\n")
            for n, id_ in enumerate(ids)
        )
    }


def flashcards_obsidian(collection: Collection) -> Pages:
    note_type(collection, "Obsidian-basic", ["Front", "Back", "Source"])
    note_type(collection, "Obsidian-cloze", ["Text", "Extra", "Source"], cloze=True)
    page = ""
    for n in range(COUNT):
        if n % 2:
            id_ = add(collection, "Obsidian-basic", {"Front": f"Q{n}", "Back": f"A{n}"}, ["obsidian"])
            page += f"- Q{n} #card\n\t- A{n}\n\n^{id_}\n\n"
        else:
            id_ = add(collection, "Obsidian-cloze", {"Text": f"A {{{{c2::dog {n}}}}} barks"}, ["obsidian"])
            page += f"- A {{{{cloze dog {n}}}}} barks #card\n\n^{id_}\n\n"
    return {"page": page}


def inka(collection: Collection) -> Pages:
    note_type(collection, "Basic (and reversed)", ["Front", "Back"], cards=2)
    ids = [add(collection, "Basic (and reversed)", {"Front": f"Q{n}", "Back": f"A{n}"}) for n in range(COUNT)]
    return {"page": "".join(f"<!--ID:{id_}-->\n- Q{n} #card #bidirectional\n\t- A{n}\n" for n, id_ in enumerate(ids))}


def yanki(collection: Collection) -> Pages:
    """One note a file, whose front matter holds the id; the third kind asks in both directions."""
    basic, both, cloze = "Yanki - Basic", "Yanki - Basic (and reversed card)", "Yanki - Cloze"
    note_type(collection, basic, ["Front", "Back", "YankiNamespace"])
    note_type(collection, both, ["Front", "Back", "YankiNamespace"], cards=2)
    note_type(collection, cloze, ["Front", "Back", "YankiNamespace"], cloze=True)
    pages = {}
    for n in range(COUNT):
        name = (basic, both, cloze)[n % 3]
        asked = f"The {{{{c1::sun {n}}}}} of old" if name == cloze else f"Of old {n}"
        fields = {"Front": f"<p>{asked}</p>", "Back": f"<p>A{n}</p>", "YankiNamespace": "My notes"}
        id_ = add(collection, name, fields, ["mine"])
        card = {basic: f"Q{n} #card", both: f"Q{n} #card #bidirectional", cloze: f"The {{{{cloze sun {n}}}}} #card"}[
            name
        ]
        pages[f"note {n}"] = f"---\nnoteId: {id_}\n---\n\n- {card}\n" + ("" if name == cloze else f"\t- A{n}\n")
    return pages


def ankiops(collection: Collection) -> Pages:
    note_type(collection, "AnkiOpsQA", ["Question", "Answer", "AnkiOps Key"])
    for n in range(COUNT):
        add(collection, "AnkiOpsQA", {"Question": f"Q{n}", "Answer": f"Old {n}", "AnkiOps Key": f"a1b2-{n}"})
    return {"page": "".join(f"<!-- note_key: a1b2-{n} -->\n- Q{n} #card\n\t- New {n}\n" for n in range(COUNT))}


def mdanki(collection: Collection) -> Pages:
    note_type(collection, "mdanki", ["Front", "Back", "Tags"])
    for n in range(COUNT):
        add(collection, "mdanki", {"Front": f"<h2>What&nbsp;is {n}?</h2>\n", "Back": f"<div>It is <b>n</b> {n}</div>"})
    return {"page": "".join(f"- What is {n}? #card\n\t- It is **n** {n}\n" for n in range(COUNT))}


def by_hand(collection: Collection) -> Pages:
    """Clozes with the numbers 7 and 3, a formula in another spelling, and a five of the reader's own."""
    note_type(collection, "My cloze", ["Text", "Back Extra"], cloze=True)
    page = ""
    for n in range(COUNT):
        add(collection, "My cloze", {"Text": f"[$]x^{n}[/$] by {{{{c7::sun {n}::hint}}}}, {{{{c3::star}}}}"})
        page += f"- $x^{n}$ by {{{{cloze sun {n}}}}}, {{{{cloze star}}}} #card\n"
    return {"page": page}


Maker = Callable[[Collection], Pages]

MAKERS: tuple[Maker, ...] = (
    logseq_anki_sync,
    obsidian_to_anki,
    flashcards_obsidian,
    inka,
    yanki,
    ankiops,
    mdanki,
    by_hand,
)
