"""The form that adds a document."""

from __future__ import annotations

from wtforms import FileField, StringField

from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, one_line


class DocumentForm(StaffForm):
    """Names of fields are the fault places of `documents.upload`. A browser never sends a file back to the form."""

    content = FileField("Plik")
    title = StringField(
        "Nazwa dokumentu",
        [at_most(200), NoControlCharacters()],
        description="Taka, po której zespół go pozna. Bez niej zostanie nazwa pliku.",
        filters=[one_line],
    )
