"""Lists the rules, on a terminal and in `docs/rules.md`."""

from __future__ import annotations

from collections.abc import Iterator

from ankigen.rules import RULES, Example, File, Rule
from ankigen.support.visible import Shown, shown

_LANGUAGES = {
    "gitignore": "gitignore",
    "md": "markdown",
    "org": "org",
    "toml": "toml",
    "edn": "clojure",
    "svg": "xml",
    "css": "css",
    "html": "html",
}


def rules_text() -> Shown:
    """One line for each rule: name, severity, meaning."""
    width = max(len(rule.name) for rule in RULES)
    return shown(f"{rule.name:{width}}  {rule.severity:7}  {rule.meaning}" for rule in RULES)


def rules_page() -> str:
    """The text of `docs/rules.md`."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Rules of `ankigen check`"
    yield ""
    yield "An **error** means that a card was not made; a **warning** is worth a look. `ankigen check --rules` prints"
    yield "the same list."
    yield ""
    yield "| rule | severity | meaning |"
    yield "|---|---|---|"
    for rule in RULES:
        yield f"| [{rule.name}](#{rule.name}) | {rule.severity} | {rule.meaning} |"
    yield ""
    yield from _switches()
    for rule in RULES:
        yield from ("", f"## {rule.name}", "", *_explained(rule))


def rule_help(rule: Rule) -> str:
    """The Markdown that `docs/rules.md` has for a rule."""
    return "\n".join(_explained(rule))


def _explained(rule: Rule) -> Iterator[str]:
    yield from (rule.meaning, "", "Reported:", "")
    yield from _shown(rule.bad)
    yield from ("", "Not reported:", "")
    yield from _shown(rule.good)


def _switches() -> Iterator[str]:
    yield "## Switch a rule off"
    yield ""
    yield "Everywhere, or below one path, in `ankigen.toml`; the longest path that matches wins:"
    yield ""
    yield from ("```toml", "[rules]", 'cloze-without-card = "off"', "")
    yield from ('[rules."journals"]', 'no-answer = "off"', "```")
    yield ""
    yield "For a block and everything below it, or for a whole page (at its top), with a property that names rules:"
    yield ""
    yield from ("```markdown", "- What bends light? #card", "  ankigen-ignore:: no-answer", "```")
    yield ""
    yield "This only hides the message: a card that could not be made is still not made. Rules that cannot be switched"
    yield "off, as the table says, are always reported, because otherwise cards would go missing silently."


def _shown(example: Example) -> Iterator[str]:
    if example.before:
        yield from ("at the previous build:", "")
        yield from _files(example.before)
        yield from ("", "and now:", "")
    yield from _files(example.files)


def _files(files: tuple[File, ...]) -> Iterator[str]:
    for number, file in enumerate(files):
        if number:
            yield ""
        if file.is_link or not file.text:
            yield f"`{file.path}` ({f'a link to `{file.text}`' if file.is_link else 'empty'})"
            continue
        saved = "" if file.encoding == "utf-8" else f" (saved as {file.encoding})"
        fence = "````" if "```" in file.text else "```"
        yield f"`{file.path}`{saved}"
        yield ""
        yield f"{fence}{_LANGUAGES[file.path.rpartition('.')[2]]}"
        yield shown(file.text.split("\n")).rstrip("\n")
        yield fence
