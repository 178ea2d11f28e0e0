"""The options: `ankigen.toml`, or the table `[tool.ankigen]` of a `pyproject.toml`.

Every option is a field of `Config` that carries its own line of documentation.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ankigen import rules
from ankigen.errors import BrokenConfig
from ankigen.support import files, folders
from ankigen.support.normal_forms import page_key, property_key, reference_key
from ankigen.support.structs import Meta, Struct, field, force_setattr, from_plain, replace, required_fields

FILE_NAME = "ankigen.toml"
SHARED_FILE_NAME = "pyproject.toml"
OF_THE_USER = frozenset({"tts.command"})
"""Options that are read only from the user's own settings."""
_DEEP_KEY = re.compile(r"^[ \t\[]*(?:[\w-]++[ \t]*+\.[ \t]*+){50}", re.MULTILINE)
"""Each dot nests another table, for which Python's parser takes quadratic time."""
_WORDS = {bool: "true or false", int: "a whole number", str: "a string", Path: "a path"}
_HERE = "a path inside the folder of this file"
_ADDRESS = r"\A(?i:https?|logseq|obsidian|vscode|zotero)://[^\x00-\x1f\x7f-\x9f<>\"`\\]*\Z|\A(?:none)?\Z"
_EDITOR = (
    r"\A(?!(?i:javascript|data|blob|file|vbscript|about):)[a-zA-Z][a-zA-Z0-9+.-]*:[^\x00-\x1f\x7f-\x9f<>\"`\\]*\Z|\A\Z"
)
_STYLE_SUFFIX = ".css"
_USUAL_ZONE = "UTC"
_NO_ZONES = {"Factory", "localtime", "posixrules"}

_Table = TypeVar("_Table")
ContextKind = Literal["none", "page", "ancestors", "full"]
Switch = Literal["on", "off"]
Switches = Mapping[str, Switch]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


class MediaOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """The options of the table `media`."""

    remote: Annotated[
        Literal["keep", "download"], Meta(description="pictures on the web: leave the link, or put them into Anki")
    ] = "keep"
    size_limit: Annotated[int, Meta(description="megabytes; a larger file stays on the web, with a warning", ge=1)] = 20


class SpeechOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """The options of the table `tts`."""

    command: Annotated[
        str,
        Meta(
            description="a program that makes sound files for `speak::`, with `{text}`, `{lang}`, `{voice}`, "
            "`{speed}`, `{out}`; only allowed in your own settings, not beside notes"
        ),
    ] = ""


class _OwnSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The user's own settings, which are not beside any notes."""

    tts: SpeechOptions = field(default_factory=SpeechOptions)


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Every option; paths are relative to the file that sets them, and absolute here.

    A file may come with the notes of a stranger, so its paths must stay in its own folder: no `..`, and no symbolic
    link that leads out. Only the command line and Python code can name other paths.

    Names of tags, properties, pages and paths are normalised like those in the notes: `#Ask`, `[[ask]]` and `Ask` are
    one tag, `Source_Book` and `source-book` one property.
    """

    source: Annotated[Path | None, Meta(description="the notes, when the command line names none")] = None
    output: Annotated[
        Path | None, Meta(description="the package, or the folder for packages, when the command line names none")
    ] = None
    exclude: Annotated[
        tuple[str, ...],
        Meta(description="files and folders to exclude: patterns as in a `.gitignore`, from the root of the notes"),
    ] = ()
    use_gitignore: Annotated[bool, Meta(description="files in a `.gitignore` are excluded, too")] = True
    card_tags: Annotated[tuple[str, ...], Meta(description="tags or page links that make a block a card")] = (
        "card",
        "flashcard",
    )
    lenient_tags: Annotated[
        bool, Meta(description="a tag also ends at closing brackets, CJK punctuation, the end of bold")
    ] = True
    cloze_without_card: Annotated[bool, Meta(description="a block with a cloze is a card without the tag")] = False
    cloze_scope: Annotated[
        Literal["card", "block"],
        Meta(description="clozes below a card block belong to its note, or make separate notes"),
    ] = "card"
    cloze_numbers: Annotated[
        Literal["each", "one"], Meta(description="a number for each `{{cloze}}`, or one for the whole note")
    ] = "each"
    cloze_hint_colons: Annotated[
        Literal["auto", "always", "never"],
        Meta(description="`::` separates answer and hint in `{{cloze}}`; `auto`: not in code, URLs and C++ names"),
    ] = "auto"
    question_from_parent: Annotated[
        bool, Meta(description="a block with only `#card` uses its parent's text as the question")
    ] = True
    empty_back: Annotated[bool, Meta(description="cards without an answer are made, too")] = False
    choice_from_boxes: Annotated[
        bool, Meta(description="two or more check boxes right below a card are choices, without the tag `#choice`")
    ] = False
    nested_cards: Annotated[
        Literal["show", "stop"], Meta(description="an answer shows the cards nested in it, or stops before them")
    ] = "show"
    swift_arrows: Annotated[bool, Meta(description="`question :-> answer` is a card without the tag")] = False
    question_marks: Annotated[
        bool,
        Meta(
            description="outside Logseq, `question::answer`, `question:::answer` and paragraphs separated by `?` or "
            "`??` are cards without the tag"
        ),
    ] = False
    deck_from: Annotated[
        Literal["graph", "folder", "page", "namespace"] | None,
        Meta(description="the deck's name without `deck::`; not set: `graph` in a Logseq graph, else `folder`"),
    ] = None
    deck_rules: Annotated[
        Mapping[str, str], Meta(description="decks for pages or paths and all below them; the longest match wins")
    ] = field(default_factory=_nothing)
    deck_prefix: Annotated[str, Meta(description="a parent deck for all decks")] = ""
    new_order: Annotated[
        Literal["notes", "created"],
        Meta(description="new cards come in the order of the notes, or in the order in which they were first built"),
    ] = "notes"
    tag_prefix: Annotated[str, Meta(description="a parent tag for all tags")] = ""
    tags_in_text: Annotated[bool, Meta(description="tags stay visible on the card")] = False
    show_properties: Annotated[
        tuple[str, ...], Meta(description="properties of a block to show on the card, below its text")
    ] = ()
    id_property: Annotated[str, Meta(description="the property with a block's UUID")] = "id"
    context: Annotated[
        ContextKind,
        Meta(
            description="what to show small above the question: nothing, the page, also the parent blocks, "
            "also all their lines"
        ),
    ] = "ancestors"
    source_url: Annotated[
        str,
        Meta(
            description="the link back from a card, with `{page}`, `{id}`, `{path}`, `{line}`; `none`: no link, "
            "not even into a Logseq graph",
            pattern=_ADDRESS,
            title='"none", or an address that begins with https://, http://, logseq://, obsidian://, vscode:// or zotero://',
        ),
    ] = ""
    editor_url: Annotated[
        str,
        Meta(
            description="the address that opens a line of the notes in your editor, for the links in `ankigen watch`, "
            "with `{path}` and `{line}`; such as `vscode://file/{path}:{line}`",
            pattern=_EDITOR,
            title="an address that begins with vscode://, logseq:// or another scheme of an editor",
        ),
    ] = ""
    link_schemes: Annotated[
        tuple[str, ...],
        Meta(description="what a link may begin with; `known`: the web, mail and note-taking programs"),
    ] = ("known",)
    css: Annotated[Path | None, Meta(description="your own CSS file, added after ankigen's")] = None
    embed_depth: Annotated[int, Meta(description="how deeply nested embeds are shown", ge=0)] = 5
    schedule: Annotated[
        Literal["logseq", "obsidian", "org-drill", "org-fc"] | None,
        Meta(description="the program whose schedule new cards get in Anki"),
    ] = None
    schedule_zone: Annotated[
        str, Meta(description="the time zone of the days in `schedule`, such as `Europe/Berlin`")
    ] = _USUAL_ZONE
    media: MediaOptions = field(default_factory=MediaOptions)
    tts: SpeechOptions = field(default_factory=SpeechOptions)
    rules: Annotated[
        Mapping[str, Switch | Switches],
        Meta(description='`"off"` switches off a rule of `ankigen check`; for one path, in a table with its name'),
    ] = field(default_factory=_nothing)

    def __post_init__(self) -> None:
        """Normalise names that are compared with those in the notes, whether a file or Python code sets them."""
        force_setattr(self, "card_tags", _distinct(map(reference_key, self.card_tags)))
        force_setattr(self, "show_properties", _distinct(map(_written_key, self.show_properties)))
        force_setattr(self, "id_property", _written_key(self.id_property))
        force_setattr(self, "deck_rules", _deck_rules(self.deck_rules))
        force_setattr(self, "schedule_zone", _zone(self.schedule_zone))
        force_setattr(self, "rules", _by_path(self.rules))

    def is_off(self, rule: str, path: str = "") -> bool:
        """Whether the user switched this rule off; `path` is relative to the notes."""
        return self._switches_at(page_key(path)).get(rule, self.rules.get(rule)) == "off"

    def _switches_at(self, path: str) -> Switches:
        """The switches for this path and its parents; those of the longest path win."""
        tables = {folder: table for folder, table in self.rules.items() if isinstance(table, Mapping)}
        fitting = sorted(folder for folder in tables if f"{path}/".startswith(folder))
        return {rule: switch for folder in fitting for rule, switch in tables[folder].items()}


def _distinct(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, keys)))


def _written_key(name: str) -> str:
    """A property's key, written as in the options or, with its colons, as on a block."""
    return property_key(name.strip(": \t"))


def _zone(name: str) -> str:
    """A time zone with its official spelling; an unknown one stays as it is."""
    return name if name == _USUAL_ZONE else _zones().get(name.strip().lower(), name)


@cache
def _zones() -> Mapping[str, str]:
    """All time zones by their names in lower case, without those that differ between machines."""
    import zoneinfo  # noqa: PLC0415 - most notes have no schedules

    return {name.lower(): name for name in sorted(zoneinfo.available_timezones()) if name not in _NO_ZONES}


def _deck_rules(decks: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({page_key(name): deck for name, deck in decks.items()})


def _by_path(switches: Mapping[str, Switch | Switches]) -> Mapping[str, Switch | Switches]:
    """The switches by rule, the tables by path with a slash at the end, since a folder can have the name of a rule."""
    by_path: dict[str, Any] = {}
    for name, value in switches.items():
        if isinstance(value, Mapping):
            by_path.setdefault(f"{page_key(name)}/", {}).update(value)
        else:
            by_path[name] = value
    return MappingProxyType(by_path)


def card_tag(config: Config) -> str:
    """The tag that advice names: the first one that makes a block a card."""
    return config.card_tags[0] if config.card_tags else "card"


class Option(Struct, frozen=True):
    """One option for the documentation; `default` is written as in TOML."""

    name: str
    default: str
    values: str
    meaning: str


def options() -> Iterator[Option]:
    """Every option, in the order of the documentation."""
    yield from _options(Config, "")


def _options(table: type[Any], prefix: str) -> Iterator[Option]:
    defaults = table()
    for name, type_ in _field_types(table).items():
        if _is_table(type_):
            yield from _options(type_, f"{prefix}{name}.")
        else:
            default, meaning = _written(getattr(defaults, name)), _meta(type_).description
            yield Option(f"{prefix}{name}", default, _expected(type_), meaning or "")


def _field_types(table: type[Any]) -> Mapping[str, Any]:
    """The type of each option of a table, with its documentation."""
    return get_type_hints(table, include_extras=True)


def _meta(type_: Any) -> Meta:
    return next(iter(getattr(type_, "__metadata__", ())), Meta())


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
    """The nearest file with options of ankigen, in the folder or its parents, or `None`."""
    for directory in (folder, *folder.parents):
        if files.is_there(own := directory / FILE_NAME):
            return own
        if files.is_there(shared := directory / SHARED_FILE_NAME) and _own_table(_read(shared), shared) is not None:
            return shared
    return None


def read(folder: Path) -> Config:
    """The options for notes in the folder; the defaults if no file sets any.

    Raises `BrokenConfig` for a mistake in the file, `CannotRead` if it cannot be read.
    """
    path = find(folder.absolute())
    config = parse(_read(path), path) if path else Config()
    return replace(config, tts=own_speech())


def own_speech(folder: Path | None = None) -> SpeechOptions:
    """The table `tts` of the user's own settings, the only place that may name a program to run.

    Notes, and the options beside them, may come from strangers.
    """
    path = (folder or folders.settings()) / FILE_NAME
    return (
        from_table(_OwnSettings, toml_table(_read(path), path), path).tts if files.is_there(path) else SpeechOptions()
    )


def parse(text: str, path: Path) -> Config:
    """Read the options from the text of the file `path`; its paths are relative to its folder.

    Raises `BrokenConfig` for a mistake.
    """
    table = _own_table(text, path) if path.name == SHARED_FILE_NAME else toml_table(text, path)
    config = from_table(Config, table or {}, path)
    _require_style(config.css, path)
    if config.tts != SpeechOptions():
        own = folders.settings() / FILE_NAME
        raise BrokenConfig(path, f"`tts.command` names a program to run: only your own settings may, in {own}")
    _require_zone(config.schedule_zone, path)
    _require_known_rules((table or {}).get("rules", {}), "rules.", path)
    return config


def _require_style(css: Path | None, path: Path) -> None:
    """Refuse a file that is not CSS or is hidden: its text goes into every package, and so to other people."""
    if css is None:
        return
    folder = Path(os.path.realpath(path.parent))
    places = (Path(os.path.normpath(css)), Path(os.path.realpath(css)).relative_to(folder))
    if any(place.suffix.lower() != _STYLE_SUFFIX for place in places) or any(map(files.is_hidden, places[1].parts)):
        raise BrokenConfig(
            path, f'`css` must be a file that ends in {_STYLE_SUFFIX} and is not hidden, not "{css.name}"'
        )


def _require_zone(zone: str, path: Path) -> None:
    """Refuse an unknown zone, or one that differs between machines: the same notes would make different packages."""
    if zone != _USUAL_ZONE and zone not in _zones().values():
        close = _suggestion(zone, _zones().values())
        message = f'`schedule_zone` must be a time zone such as "Europe/Berlin", not {_shown(zone)}{close}'
        raise BrokenConfig(path, message)


def _require_known_rules(switches: Mapping[str, Any], prefix: str, path: Path) -> None:
    for rule, switch in switches.items():
        if isinstance(switch, Mapping):
            _require_known_rules(switch, f"{prefix}{rule}.", path)
        elif rule not in rules.NAMES:
            raise BrokenConfig(path, f"unknown rule `{prefix}{rule}`{_suggestion(rule, rules.NAMES)}")
        elif rule in rules.LOUD:
            raise BrokenConfig(path, f"`{prefix}{rule}` cannot be switched off: cards would go missing silently")


def _read(path: Path) -> str:
    try:
        return files.read_text(path, path.parent, encoding="utf-8-sig")
    except UnicodeDecodeError as failure:
        raise BrokenConfig(path, "save the file as UTF-8") from failure


def _own_table(text: str, path: Path) -> Mapping[str, Any] | None:
    """The table `[tool.ankigen]`, or `None`. A project file without the word ankigen is not parsed."""
    if "ankigen" not in text:
        return None
    tool = toml_table(text, path).get("tool", {})
    table = tool.get("ankigen") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def toml_table(text: str, path: Path) -> Mapping[str, Any]:
    """Parse the TOML of the file `path`. Raises `BrokenConfig` for a mistake."""
    import tomllib  # noqa: PLC0415 - most notes have no settings

    try:
        if _DEEP_KEY.search(text):
            raise BrokenConfig(path, "a key has too many dots")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise BrokenConfig(path, f"not valid TOML: {failure}") from failure
    except RecursionError as failure:
        raise BrokenConfig(path, "its tables and lists are nested too deeply") from failure


def from_table(type_: type[_Table], table: Mapping[str, Any], path: Path) -> _Table:
    """The frozen value of a table in the file `path`.

    Raises `BrokenConfig` for a mistake.
    """
    folder = path.parent.absolute()
    try:
        return from_plain(type_, table, partial(_absolute, folder))
    except ValueError as failure:
        raise BrokenConfig(path, _fault(type_, table, "", folder)) from failure


def _absolute(folder: Path, _type: type, given: str) -> Path:
    """Convert to a path inside the folder, the only option type that is not built in.

    Raises `TypeError` if it is not a string, `ValueError` if it leads out of the folder, directly or by a link.
    """
    path = folder / given
    if files.leads_out(path, folder):
        raise ValueError(given)
    return path


def _refusal(type_: Any, given: Any, folder: Path) -> str | None:
    """The message of msgspec for a value that does not fit, or `None`."""
    try:
        from_plain(type_, given, partial(_absolute, folder))
    except ValueError as failure:
        return str(failure)
    return None


def _fault(type_: Any, given: Any, name: str, folder: Path) -> str:
    """What is wrong with a value that does not fit, about the innermost part that does not."""
    tables = [member for member in _members(type_) if _is_table(member)]
    items = [get_args(member)[1] for member in _members(type_) if get_origin(member) is Mapping]
    if not isinstance(given, dict) or not (tables or items):
        close = _suggestion(given, _choices(type_)) if isinstance(given, str) else ""
        return f"`{name}` must be {_needed(type_, given)}, not {_shown(given)}{close}"
    known = _field_types(tables[0]) if tables else dict.fromkeys(given, items[0])
    for key, part in given.items():
        inner = f"{name}.{key}" if name else key
        if key not in known:
            return f"unknown option `{inner}`{_suggestion(key, known)}"
        if _refusal(known[key], part, folder) is not None:
            return _fault(known[key], part, inner, folder)
    subject = f"`{name}`" if name else "the file"
    missing = [key for table in tables for key in required_fields(table) if key not in given]
    if missing:
        return f"{subject} needs `{missing[0]}`, {_expected(known[missing[0]])}"
    return f"{subject}: {_refusal(type_, given, folder)}"


def _suggestion(word: str, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 - most settings are right

    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _members(type_: Any) -> tuple[Any, ...]:
    """The types that `X | None` and the like allow, without `None`: TOML has none."""
    plain = get_args(type_)[0] if get_origin(type_) is Annotated else type_
    is_union = get_origin(plain) in {Union, UnionType}
    return tuple(member for member in get_args(plain) if member is not type(None)) if is_union else (plain,)


def _choices(type_: Any) -> tuple[str, ...]:
    return tuple(word for member in _members(type_) if get_origin(member) is Literal for word in get_args(member))


def _needed(type_: Any, given: Any) -> str:
    """What an option must be, for the user; for a value of the right type, what else it must be."""
    meta = _meta(type_)
    if isinstance(given, str) and (meta.pattern or Path in _members(type_)):
        return meta.title or _HERE
    return f"{meta.ge} or more" if meta.ge is not None and type(given) is int else _expected(type_)


def _expected(type_: Any) -> str:
    """The type of an option, for the user."""
    if choices := _choices(type_):
        return " or ".join(f'"{word}"' for word in choices)
    [member] = _members(type_)
    if get_origin(member) is Mapping:
        return f"a table, each {_expected(get_args(member)[1])}"
    if get_origin(member) is tuple:
        return f"a list of {_expected(get_args(member)[0]).removeprefix('a ')}s"
    return "a table" if _is_table(member) else _WORDS[member]


def _is_table(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, Struct)


def _shown(given: Any) -> str:
    return f'"{given}"' if isinstance(given, str) else _written(given) or str(given)
