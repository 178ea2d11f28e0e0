"""The options: `ankigen.toml`, or the table `[tool.ankigen]` of a `pyproject.toml`.

Every option is a field of `Config` that carries its own line of documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ankigen import rules
from ankigen.errors import BrokenConfig, CannotRead
from ankigen.support.structs import Struct, field

FILE_NAME = "ankigen.toml"
SHARED_FILE_NAME = "pyproject.toml"
_WORDS = {bool: "true or false", int: "a whole number", str: "a text", tuple: "a list of texts", Path: "a path"}

_Table = TypeVar("_Table")
ContextKind = Literal["none", "page", "ancestors", "full"]
Switch = Literal["on", "off"]
Switches = Mapping[str, Switch]


class Meaning(Struct, frozen=True):
    """What an option is for, in a line of the documentation, and the least that it may be."""

    text: str
    at_least: int | None = None


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


class Media(Struct, frozen=True):
    """The options of the table `media`."""

    remote: Annotated[
        Literal["keep", "download"], Meaning("pictures on the web: leave the link, or put them into Anki")
    ] = "keep"
    size_limit: Annotated[
        int, Meaning("megabytes; a larger file of the web stays there, with a warning", at_least=1)
    ] = 20


class Config(Struct, frozen=True):
    """Every option; paths are relative to the file that sets them, and absolute here."""

    source: Annotated[Path | None, Meaning("the notes, when the command line names none")] = None
    output: Annotated[
        Path | None, Meaning("the package, or the folder for packages, when the command line names none")
    ] = None
    card_tags: Annotated[tuple[str, ...], Meaning("pages and tags that make a block a card")] = ("card", "flashcard")
    lenient_tags: Annotated[bool, Meaning("a tag also ends at closing brackets, CJK punctuation, the end of bold")] = (
        True
    )
    cloze_without_card: Annotated[bool, Meaning("a block with a cloze makes a note without the tag")] = False
    cloze_scope: Annotated[
        Literal["card", "block"],
        Meaning("clozes below a card block belong to its note, or make notes of their own blocks"),
    ] = "card"
    cloze_numbers: Annotated[
        Literal["each", "one"], Meaning("a number for each `{{cloze}}`, or one for all of a note")
    ] = "each"
    cloze_hint_colons: Annotated[
        Literal["auto", "always", "never"],
        Meaning("`::` parts answer and hint in a plain `{{cloze}}`; `auto`: not in code, URLs and C++ names"),
    ] = "auto"
    question_from_parent: Annotated[bool, Meaning("a block of nothing but `#card` asks for its parent's text")] = True
    empty_back: Annotated[bool, Meaning("a card without an answer is made all the same")] = False
    nested_cards: Annotated[
        Literal["show", "stop"], Meaning("an answer shows the cards inside it, or ends at them")
    ] = "show"
    swift_arrows: Annotated[bool, Meaning("`question :-> answer` makes a note without the tag")] = False
    deck_from: Annotated[
        Literal["graph", "folder", "page", "namespace"] | None,
        Meaning("what names the deck where no `deck::` does; not set: `graph` in a Logseq graph, else `folder`"),
    ] = None
    deck_rules: Annotated[
        Mapping[str, str], Meaning("decks for pages or paths and all below them; the longest that fits counts")
    ] = field(default_factory=_nothing)
    deck_prefix: Annotated[str, Meaning("a deck that holds all others")] = ""
    tag_prefix: Annotated[str, Meaning("a tag that holds all others")] = ""
    tags_in_text: Annotated[bool, Meaning("tags stay visible on the card")] = False
    show_properties: Annotated[
        tuple[str, ...], Meaning("properties of a block that stand on the card, below its text")
    ] = ()
    id_property: Annotated[str, Meaning("the property that holds a block's UUID")] = "id"
    context: Annotated[
        ContextKind,
        Meaning("what stands small above the question: nothing, the page, also the blocks above, also all their lines"),
    ] = "ancestors"
    source_url: Annotated[str, Meaning("the link back from a card, with `{page}`, `{id}`, `{path}`, `{line}`")] = ""
    css: Annotated[Path | None, Meaning("a file of your own CSS, added behind ankigen's")] = None
    embed_depth: Annotated[int, Meaning("how many embeds deep an embed is shown", at_least=0)] = 5
    media: Media = field(default_factory=Media)
    rules: Annotated[
        Mapping[str, Switch | Switches],
        Meaning('`"off"` for a rule that `ankigen check` should not follow; below a path in a table of its own'),
    ] = field(default_factory=_nothing)

    def is_off(self, rule: str, path: str = "") -> bool:
        """Whether the user wants to hear nothing of this rule; `path` is relative to the notes."""
        return self._switches_at(path).get(rule, self.rules.get(rule)) == "off"

    def _switches_at(self, path: str) -> Mapping[str, Switch | Switches]:
        """All switches of the tables for this path or one above it; those of the longest path count."""
        tables = [(key.strip("/"), table) for key, table in self.rules.items() if isinstance(table, Mapping)]
        fitting = sorted((key, table) for key, table in tables if f"{path}/".startswith(f"{key}/"))
        return {rule: switch for _, table in fitting for rule, switch in table.items()}


class Option(Struct, frozen=True):
    """One option as the documentation shows it; `default` is written as in TOML."""

    name: str
    default: str
    values: str
    meaning: str


def options() -> Iterator[Option]:
    """Every option, in the order of the documentation."""
    yield from _options(Config, "")


def _options(table: type[Any], prefix: str) -> Iterator[Option]:
    defaults = table()
    for name, (kind, meaning) in _hints(table).items():
        if meaning is None:
            yield from _options(kind, f"{prefix}{name}.")
        else:
            yield Option(f"{prefix}{name}", _written(getattr(defaults, name)), _expected(kind), meaning.text)


def _hints(table: type[Any]) -> dict[str, tuple[Any, Meaning | None]]:
    """What each option may be, and what it is for; a table within the table has no meaning of its own."""
    hints = get_type_hints(table, include_extras=True).items()
    return {name: get_args(hint) if get_origin(hint) is Annotated else (hint, None) for name, hint in hints}


def _written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            return f"[{', '.join(map(_written, value))}]"
        case int():
            return str(value)
        case _:
            return ""


def find(folder: Path) -> Path | None:
    """The nearest file, in the folder or upward, that sets options of ankigen."""
    for one in (folder, *folder.parents):
        if (own := one / FILE_NAME).is_file():
            return own
        if (shared := one / SHARED_FILE_NAME).is_file() and _own_table(_read(shared), shared) is not None:
            return shared
    return None


def read(folder: Path) -> Config:
    """The options for notes in the folder; the defaults if no file sets any."""
    path = find(folder.absolute())
    return parse(_read(path), path) if path else Config()


def parse(text: str, path: Path) -> Config:
    """Read the options from the text of a file; `path` says which file it is, and where its paths begin."""
    table = _own_table(text, path) if path.name == SHARED_FILE_NAME else _toml(text, path)
    made: Config = _Reader(path).table(Config, table or {}, "")
    _require_known_rules(made.rules, "rules.", path)
    return made


def _require_known_rules(switches: Mapping[str, Switch | Switches], prefix: str, path: Path) -> None:
    for rule, switch in switches.items():
        if isinstance(switch, Mapping):
            _require_known_rules(switch, f"{prefix}{rule}.", path)
        elif rule not in rules.NAMES:
            raise BrokenConfig(path, f"unknown rule `{prefix}{rule}`{_suggestion(rule, rules.NAMES)}")
        elif rule in rules.LOUD:
            raise BrokenConfig(path, f"`{prefix}{rule}` cannot be switched off: cards would go missing in silence")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as failure:
        raise CannotRead(path, failure) from failure
    except UnicodeDecodeError as failure:
        raise BrokenConfig(path, "save the file as UTF-8") from failure


def _own_table(text: str, path: Path) -> Mapping[str, Any] | None:
    """The table `[tool.ankigen]`; a project file that does not name ankigen is nobody's business here."""
    if "ankigen" not in text:
        return None
    tool = _toml(text, path).get("tool", {})
    table = tool.get("ankigen") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _toml(text: str, path: Path) -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - most notes have no settings

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise BrokenConfig(path, f"not TOML: {failure}") from failure


class _Reader(Struct, frozen=True):
    """Turns a table of TOML into frozen values; what does not fit is told with the file's name."""

    path: Path

    def table(self, kind: type[_Table], given: Mapping[str, Any], prefix: str) -> _Table:
        hints, values = _hints(kind), {}
        for key, value in given.items():
            if key not in hints:
                raise BrokenConfig(self.path, f"unknown option `{prefix}{key}`{_suggestion(key, hints)}")
            wanted, meaning = hints[key]
            values[key] = self.value(wanted, value, f"{prefix}{key}")
            least = meaning.at_least if meaning else None
            if least is not None and values[key] < least:
                raise BrokenConfig(self.path, f"`{prefix}{key}` must be {least} or more, not {value}")
        return kind(**values)

    def value(self, kind: Any, given: Any, name: str) -> Any:
        if isinstance(given, dict) and _is_table(kind):
            return self.table(kind, given, f"{name}.")
        if isinstance(given, dict) and (item_kind := _item_kind(kind)):
            return MappingProxyType({key: self.value(item_kind, item, f"{name}.{key}") for key, item in given.items()})
        if not _fits(kind, given):
            close = _suggestion(given, _choices(kind)) if isinstance(given, str) else ""
            raise BrokenConfig(self.path, f"`{name}` must be {_expected(kind)}, not {_shown(given)}{close}")
        if Path in _members(kind):
            return self.path.parent.absolute() / given
        return tuple(given) if isinstance(given, list) else given


def _suggestion(word: str, known: Any) -> str:
    import difflib  # noqa: PLC0415 - most settings are right

    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _members(kind: Any) -> tuple[Any, ...]:
    """The types that `X | None` and the like allow, `None` left out: TOML has none."""
    is_union = get_origin(kind) in {Union, UnionType}
    return tuple(one for one in get_args(kind) if one is not type(None)) if is_union else (kind,)


def _item_kind(kind: Any) -> Any:
    """What the values of a mapping are, if the kind is one or may be one."""
    return next((get_args(one)[1] for one in _members(kind) if get_origin(one) is Mapping), None)


def _choices(kind: Any) -> tuple[str, ...]:
    return tuple(word for one in _members(kind) if get_origin(one) is Literal for word in get_args(one))


def _fits(kind: Any, given: Any) -> bool:
    if choices := _choices(kind):
        return given in choices
    [one] = _members(kind)
    shape = get_origin(one) or one
    if shape is tuple:
        return isinstance(given, list) and all(isinstance(item, str) for item in given)
    return type(given) is (str if shape is Path else shape)  # isinstance would take true for a whole number


def _expected(kind: Any) -> str:
    """What an option takes, in words for the user."""
    if choices := _choices(kind):
        return " or ".join(f'"{word}"' for word in choices)
    [one] = _members(kind)
    if get_origin(one) is Mapping:
        return f"a table, each {_expected(get_args(one)[1])}"
    return "a table" if _is_table(one) else _WORDS[get_origin(one) or one]


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _shown(given: Any) -> str:
    return f'"{given}"' if isinstance(given, str) else _written(given) or str(given)
