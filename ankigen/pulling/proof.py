"""Whether notes that were read with another content say what Anki holds, and nothing else besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ankigen.data import Block, CardBlock, ComposedNote, Content, Desired, FieldChange, Guid, Note, NotPulled, Page
from ankigen.note_types import canonical, content_fields
from ankigen.pulling.alive import alive_in
from ankigen.source import PageCard, RehearsedPage
from ankigen.support.structs import Struct

Wanted = Mapping[Guid, Sequence[FieldChange]]
"""The fields of notes as Anki has them."""


class CardOnPage(Struct, frozen=True):
    """A card by its place on its page; `numbers` are those of the clozes of all cards there that make a note."""

    index: int
    numbers: Mapping[int, tuple[int, ...]]

    def note_on(self, page: RehearsedPage) -> ComposedNote:
        """What the card says there."""
        return page.note(self.index, self.numbers[self.index])


def verdict(
    page: RehearsedPage,
    before: RehearsedPage,
    card: CardOnPage,
    change: FieldChange | None = None,
    following: Sequence[FieldChange] = (),
    *,
    has_new_tags: bool = False,
) -> NotPulled | None:
    """What keeps a page from being right: nothing if the field of the card says what Anki holds, and all else the same.

    The fields of the `following` changes may say what is wanted of them as well.
    """
    if not page.is_here or len(page.blocks) != len(before.blocks):
        return NotPulled.UNPROVED
    if not _is_same_card(page, before, card.index, has_new_tags=has_new_tags):
        return NotPulled.UNPROVED
    now, then = card.note_on(page).content, card.note_on(before).content
    if _form(now) != _form(then) or _comes_alive(page.blocks[card.index], before.blocks[card.index]):
        return NotPulled.UNPROVED
    said = content_fields(now)
    if change and canonical(said[change.name]) != canonical(change.existing):
        return NotPulled.UNPROVED
    met = [other for other in following if canonical(said[other.name]) == canonical(other.existing)]
    if not says(now, then, [*([change] if change else []), *met]):
        return NotPulled.OTHER_FIELDS
    return None if _is_alone(page, before, card) else NotPulled.OTHER_CARDS


def says(content: Content, before: Content, wanted: Sequence[FieldChange]) -> bool:
    """Whether a note says in these fields what is wanted, in all others what it said, and makes the same cards."""
    if _form(content) != _form(before):
        return False
    changed = {change.name: change.existing for change in wanted}
    return all(
        canonical(text) == canonical(changed[name]) if name in changed else text == known
        for (name, text), known in zip(content_fields(content).items(), before.texts, strict=True)
    )


def _form(content: Content) -> tuple[object, ...]:
    """What the cards of a note hang on; one whose question is gone has no fields."""
    return content.kind, content.own, content.ordinals, len(content.texts)


def _comes_alive(now: CardBlock, then: CardBlock) -> bool:
    """Whether words of the card would be more than words: a tag, a date, a macro."""
    return bool(alive_in(_texts(now)) - alive_in(_texts(then)))


def _texts(card: CardBlock) -> list[str]:
    return list({block.line: block.text for root in _roots(card) for block in root.walk()}.values())


def _roots(card: CardBlock) -> tuple[Block, ...]:
    return card.block, *card.answer, *card.extra


def _is_alone(page: RehearsedPage, before: RehearsedPage, card: CardOnPage) -> bool:
    """Whether nothing else on the page says anything else: no other card, and no block that is none."""
    if page.errors > before.errors:
        return False
    for index in range(len(before.blocks)):
        if index == card.index:
            continue
        if not _is_same_card(page, before, index):
            return False
        numbers = card.numbers.get(index)
        if numbers is not None and _seen(page.note(index, numbers)) != _seen(before.note(index, numbers)):
            return False
    now, then = page.blocks[card.index], before.blocks[card.index]
    return [*_others(page.page, now)] == [*_others(before.page, then)] and _keeps_properties(now, then)


def _keeps_properties(now: CardBlock, then: CardBlock) -> bool:
    """Whether what nobody sees of the card's blocks, such as their ids, is still theirs.

    If blocks came or went, those with properties are known by what they say; the first is the card itself, whose tags
    are looked at elsewhere.
    """
    new, old = [*now.block.walk()], [*then.block.walk()]
    if _keys(new[0]) != _keys(old[0]):
        return False
    if len(new) == len(old):
        return [_keys(block) for block in new[1:]] == [_keys(block) for block in old[1:]]
    return _unseen(new[1:]) == _unseen(old[1:])


def _keys(block: Block) -> tuple[object, ...]:
    return [prop.key for prop in block.properties if prop.key != "tags"], [
        (prop.key, prop.value) for prop in block.reviews
    ]


def _unseen(blocks: Sequence[Block]) -> list[tuple[object, ...]]:
    return [
        (block.text, _properties(block), [(prop.key, prop.value) for prop in block.reviews])
        for block in blocks
        if block.properties or block.reviews
    ]


def _is_same_card(page: RehearsedPage, before: RehearsedPage, index: int, *, has_new_tags: bool = False) -> bool:
    now, then = page.cards[index], before.cards[index]
    return _state(now) == _state(then) and (has_new_tags or now.tags == then.tags)


def _state(card: PageCard) -> tuple[object, ...]:
    """What makes another card of one; the clozes are counted, for their numbers are those that it has now."""
    evidence = card.evidence
    own = evidence.id, evidence.kind, len(evidence.clozes)
    return (*own, card.deck, card.is_suspended, card.is_sound, card.schedules)


def _seen(note: ComposedNote) -> tuple[object, ...]:
    return note.content, note.media


def _others(page: Page, card: CardBlock) -> Iterator[tuple[object, ...]]:
    """What the blocks say that are none of the card, and what stands above all blocks."""
    own = {block.line for root in _roots(card) for block in root.walk()}
    yield tuple(line.text for line in page.preamble), _properties(page)
    for root in page.blocks:
        for block in root.walk():
            if block.line not in own:
                yield block.level, block.text, _properties(block)


def _properties(owner: Block | Page) -> tuple[tuple[str, str], ...]:
    return tuple((prop.key, prop.value) for prop in owner.properties)


def fault_of(now: Desired, before: Desired, wanted: Wanted, tags: Mapping[Guid, frozenset[str]]) -> NotPulled | None:
    """Why the notes, read as they would be, are not the same but for what is wanted; nothing if they are."""
    known = {note.identity.guid: note for note in (*before.notes, *before.others)}
    found = {note.identity.guid: note for note in (*now.notes, *now.others)}
    if found.keys() != known.keys() or now.lock.identities.keys() != before.lock.identities.keys():
        return NotPulled.IDENTITY
    if any(_which(found[guid]) != _which(note) for guid, note in known.items()):
        return NotPulled.IDENTITY
    if any(not says(found[guid].content, known[guid].content, changes) for guid, changes in wanted.items()):
        return NotPulled.UNPROVED
    is_same = (
        now.errors <= before.errors
        and len(now.unmade) == len(before.unmade)
        and now.descriptions == before.descriptions
        and all(_said(found[guid]) == _said(note) for guid, note in known.items() if guid not in wanted)
        and all(_place(found[guid]) == _place(note, tags.get(guid)) for guid, note in known.items())
    )
    return None if is_same else NotPulled.OTHER_CARDS


def _which(note: Note) -> tuple[object, ...]:
    identity = note.identity
    return identity.id, identity.kind, identity.created, [cloze.number for cloze in identity.clozes if cloze.is_used]


def _said(note: Note) -> tuple[object, ...]:
    return note.content, note.media


def _place(note: Note, tags: frozenset[str] | None = None) -> tuple[object, ...]:
    return note.deck, {*note.tags, *(tags or ())}, note.suspended, note.schedules, note.source_id, note.position.path
