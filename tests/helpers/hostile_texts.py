"""Pieces of which hostile notes are made: what runs, what hides it, and what carries it past a filter."""

from __future__ import annotations

HIDDEN = "\x01\x0b\x1f\x7f\x80\ufdd0\ufdd3\ufdd7\ufdd8\ufdd9\ufdef\ufffe"
PIECES = [
    "<a href=\"", "<a title=\"{\" style=\"", "<b onclick=\"", "<img src=\"", "<img src=x onerror=alert(1)>",
    "<script>", "</script>", "<svg onload=alert(1)>", "<math><mi xlink:href=\"javascript:alert(1)\">",
    "<iframe srcdoc=\"", "<style>", "<input type=image src=x>", "<form action=\"javascript:alert(1)\">", "<!--",
    "-->", "</p>", "</ul></div>", "<p title='", "\">x</a>", "\">", "'>", ">", "<", "`", "``", "$", "$$", "{{cloze ",
    "{{c1::", "}}", "{{youtube ", "{{embed ", "::", "javascript:alert(1)", "java", "script:alert(1)",
    "&#106;avascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "color:red;",
    "position:fixed;inset:0;", "background:url(//evil.example/x)", "color:red\u037eposition:fixed",
    "[sound:evil.mp3]", "[so", "und:evil.mp3]", "[latex]", "\\input{/etc/passwd}[/latex]", "[la", "tex]x[/latex]",
    "[$]x[/$]", "[anki:tts lang=en]x[/anki:tts]", "[[type:Front]]", "\\[\\[type:Back]]", "\\(", "\\)", "\\[", "\\]",
    "\\\\(", "&#92;(", "\\href{javascript:alert(1)}{x}", "\\hr", "ef{javascript:alert(1)}{x}",
    "\\style{position:fixed}{x}", "\\cssId{a}{x}", "\\class{a}{x}", "\\require{html}", "\\bbox[position:fixed]{x}",
    "\\mmlToken{mi}[href=\"javascript:alert(1)\"]{x}", "&#xFDD3;1&#xFDD4;x&#xFDD6;", "&#xFDD8;", "&#xFDD9;",
    "&#91;sound:evil.mp3]", "&lbrack;latex]", "&lt;script&gt;", "&amp;", "\n", "\n\t  ", "\n\t- ", " ", "x", "**",
    "*", "==", "^^", "[x](", "![x](", "](", ")", "[:img {:onerror \"alert(1)\" :src \"x\"}]",
    "[:a {:href \"javascript:alert(1)\"} \"x\"]", "\n\t  #+BEGIN_NOTE [latex]\n\t  x\n\t  #+END_NOTE\n", "{x|", "|y}",
    "{東|", "\n\t  #+BEGIN_EXPORT html\n\t  <script>alert(1)</script>\n\t  #+END_EXPORT\n", "\u0338", "\u037e",
    "e\u0301", "[[", "]]", *HIDDEN,
]  # fmt: skip


def page_of(text: str) -> str:
    """A page that holds the text wherever in a note it may stand."""
    lines = text.replace("\r", " ").replace("\ud800", "")
    one_line = lines.replace("\n", " ")
    return (
        f"title:: {one_line}\ntags:: {one_line}\ndeck:: {one_line}\n"
        f"- {lines} #card\n  extra:: {one_line}\n\t- {lines}\n"
        f"- {{{{cloze hidden}}}} {lines} #card\n\t- {{{{c2::{one_line}}}}}\n"
        f"- {lines} #card #choice\n  hint:: {one_line}\n  furigana:: true\n"
        f"\t- [x] {one_line}\n\t- [ ] b {lines}\n\t- {lines}\n"
        f"- spoken {one_line} #card\n  speak:: en_GB\n  speak-answer:: en_GB\n\t- {lines}\n"
        f"- parent {one_line}\n\t- Why? #card #incremental\n\t\t- {lines}\n"
    )
