"""Every code that a fault of a definition file can carry; docs/instruments.md explains each."""

from __future__ import annotations

FAULT_CODES = frozenset(
    {
        "file.unreadable",
        "file.size",
        "file.encoding",
        "file.empty",
        "file.name",
        "yaml.syntax",
        "yaml.characters",
        "yaml.alias",
        "yaml.tag",
        "yaml.key",
        "yaml.duplicate_key",
        "yaml.depth",
        "yaml.documents",
        "key.unknown",
        "key.missing",
        "type.wrong",
        "value.not_allowed",
        "value.range",
        "text.missing",
        "text.too_long",
        "text.characters",
        "list.length",
        "id.form",
    }
)
