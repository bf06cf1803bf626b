"""What a phone has to fetch before the form can be used: every request of a cold page, compressed."""

from __future__ import annotations

import gzip
import re
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from bench import results
from bench.form import prepared_context

ALREADY_COMPRESSED = (".woff2", ".png")
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
FONT = re.compile(r"url\(\"?([^\")]+\.woff2)\"?\)")


def main() -> None:
    from survey_app.web.app import create_app

    with tempfile.TemporaryDirectory() as name:
        context, public_id = prepared_context(Path(name) / "var")
        client = create_app(context=context).test_client()
        page = client.get(f"/a/{public_id}").get_data(as_text=True)
        paths = dict.fromkeys(ASSET.findall(page))
        for style in [path for path in paths if path.endswith(".css")]:
            css = client.get(style).get_data(as_text=True)
            paths.update(dict.fromkeys(urljoin(style, font) for font in FONT.findall(css)))
        sizes = {"the page": _compressed("page.html", page.encode())}
        sizes |= {path: _compressed(path, client.get(path).data) for path in paths}
        plain = len(page.encode()) + sum(len(client.get(path).data) for path in paths)
        context.database.dispose()
    for path, size in sizes.items():
        print(f"{size:8,} B   {path}")
    print(f"{sum(sizes.values()):8,} B   in {len(sizes)} requests, all that the page names")
    results.note("a first visit, compressed", sum(sizes.values()) / 1024, "KB", plain / 1024, "as it is")


def _compressed(path: str, content: bytes) -> int:
    return len(content) if path.endswith(ALREADY_COMPRESSED) else len(gzip.compress(content, 6))
