"""Texts that break programs, written for this service, by what they try to break."""

from __future__ import annotations

from collections.abc import Iterator

MARK = "nag"  # an element or an attribute of this name on a page came from a text that was not escaped

BY_KIND: dict[str, tuple[str, ...]] = {
    "nothing": ("", " ", "   \t  ", "\n", "\r\n\r\n", "\u00a0", "\u3000", "\u2003\u2009", "\u200b", "\ufeff"),
    "control": ("a\x00b", "\x00", "a\x07b\x08c", "\x1b[31mred", "\x7f", "a\x85b", "\x0c", "\x0b", "\u2028a\u2029"),
    "nonesuch": ("\ud800", "a\udfffb", "\ufffe", "\uffff", "\U0010ffff", "\ufdd0", "\ue000"),
    "direction": ("\u202egnp.exe", "abc\u202d", "\u2066x\u2069", "\u05e9\u05dc\u05d5\u05dd", "العربية ١٢٣"),
    "marks": ("Z\u0351\u036b\u0343\u036aa\u0302\u036dl\u030dgo", "e\u0301" * 20, "\u0301", "ﷺ" * 5, "ﬁ ﬂ Ǆ"),
    "pictures": ("👩‍👩‍👧‍👦", "🏳️‍🌈", "1️⃣", "👍🏽", "\U0001f1f5\U0001f1f1", "𝕋𝕖𝕤𝕥", "𠜎"),
    "invisible": ("a\u200bb", "a\u200d", "\u2060", "a\u00adb", "\ufeffa", "\u180e", "\U000e0041"),
    "long": ("x" * 301, "ż" * 5_000, "słowo " * 20_000, "Ł" * 255, "-" * 10_001),
    "quotes": ("'", '"', "''", "\\", "„\"'`»", "O'Brien \"X\" & <y>", "a\\' OR", "]]>", "--", "${", "%s%n", "{0}"),
    "markup": (
        f"<{MARK}>",
        f'"><{MARK} {MARK}="1">',
        f"' {MARK}='1",
        f'" {MARK}="1',
        f"</textarea><{MARK}>",
        f"</title></script><{MARK}>",
        f"<script>document.{MARK}=1</script><{MARK}>",
        f"<img src=x onerror=alert(1) {MARK}>",
        "javascript:alert(1)",
        "&lt;b&gt; &amp;amp; &#0; &bogus;",
        "<!-- <![CDATA[ <?xml",
        f"<svg/onload={MARK}(1)>",
        '<a href="https://example.org">x</a>',
    ),
    "queries": ("' OR 1=1 --", "'; DROP TABLE person; --", "1) UNION SELECT 1 --", "%", "_", "*", "a%' ESCAPE '\\"),
    "templates": ("{{7*7}}", "{% for x in y %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{ config }}", "[[x]]"),
    "formulas": ("=1+1", "+48 600", "-1", "@SUM(A1)", "|calc", "=HYPERLINK(\"x\")", "\t=1", "=cmd|' /C calc'!A0"),
    "paths": ("../../etc/passwd", "..\\..\\x", "/dev/null", "C:\\con.txt", "file:///etc/passwd", "a/b\\c:d", "~", "."),
    "numbers": (
        "0", "-0", "-1", "1.5", "1,5", "1e309", "NaN", "Infinity", "-inf", "9" * 20, "2147483648", "-2147483649",
        "9223372036854775808", "0x10", "1_000", "٣", "²", "Ⅳ", "½", "１２", "9" * 5_000, "+5", " 5 ", "00000000001",
    ),
    "dates": (
        "0000-00-00", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "0001-01-01", "1969-12-31", "24:00",
        "9999-12-31T23:59", "0001-01-01T00:00", "2026-10-25T02:30", "2026-03-29T02:30", "-2026-01-01", "２０２６-01-01",
    ),
    "headers": ("a\r\nSet-Cookie: x=1", "a\nBcc: x@example.org", "x@example.org\r\nX: 1", "a%0d%0ab", "a\r\n\r\n<b>"),
    "percents": ("%00", "%", "%zz", "%ED%A0%80", "%252e%252e", "&#x27;", "\\u0000", "\\x00", "+", "a+b&c=d;e"),
    "letters": ("İIıi", "ſ", "ß ẞ", "ŁÓDŹ łódź", "ZAŻÓŁĆ", "Ǆ ǅ ǆ", "ΑΣ ας", "ＦＵＬＬ", "Å Å", "ﬀ", "ŉ"),
    "words": ("null", "None", "undefined", "true", "nie", "NULL", "constructor", "__proto__", "self", "id", "NaN"),
    "addresses": ("a@b", "@", "a@b@c", "\"a b\"@example.org", "x@" + "y" * 300 + ".pl", "ą@ż.pl", "http://[", "//x"),
}  # fmt: skip


def every() -> Iterator[tuple[str, str]]:
    """(kind, text), all of them."""
    for kind, texts in BY_KIND.items():
        for text in texts:
            yield kind, text


def texts() -> list[str]:
    return [text for _, text in every()]


def spread(number: int, place: int) -> str:
    """The text for field `place` of the body `number`: neighbours get texts of unlike kinds, and each its turn."""
    kinds = list(BY_KIND.values())
    kind = kinds[(number + place * 7) % len(kinds)]
    return kind[(number // len(kinds) + place) % len(kind)]
