"""What a form lets through the use case takes, and what the use case takes the tables hold: one limit, said in rooms
that do not know each other.
"""

from __future__ import annotations

import pytest
from wtforms import Field
from wtforms.validators import Length, NumberRange

from survey_app import models
from survey_app.forms import page
from survey_app.forms.staff import GminaForm, LoginForm, TeamForm, UserForm
from survey_app.forms.staff_campaign import CampaignForm, ClearTextForm
from survey_app.forms.staff_catalogue import StakeholderForm
from survey_app.forms.team_documents import DocumentForm
from survey_app.forms.team_people import MemberForm
from survey_app.services import accounts, gminas
from survey_app.services.coding import document_files, documents, evidence
from survey_app.services.register import catalogue
from survey_app.services.survey import campaign_rules, open_texts, take_survey
from survey_app.web import body_size


def longest(field: Field) -> int:
    return next(validator.max for validator in field.validators if isinstance(validator, Length))


def span(field: Field) -> tuple[int, int]:
    return next((rule.min, rule.max) for rule in field.validators if isinstance(rule, NumberRange))


def column(table: str, name: str) -> int:
    length: int = models.Base.metadata.tables[table].columns[name].type.length  # type: ignore[attr-defined]
    return length


def test_numbers_of_a_campaign() -> None:
    form = CampaignForm()
    assert span(form.k) == (campaign_rules.SMALLEST_K, campaign_rules.LARGEST_K)
    assert span(form.grace_minutes) == (0, campaign_rules.LONGEST_GRACE)


def test_texts_of_a_campaign() -> None:
    assert longest(CampaignForm().title) == campaign_rules.MAX_TITLE_LENGTH == column("campaign", "title")
    assert longest(CampaignForm().notice) == campaign_rules.MAX_NOTICE_LENGTH
    assert longest(ClearTextForm().cleared_text) == open_texts.MAX_LENGTH


@pytest.mark.parametrize("name", catalogue.MAX_LENGTHS)
def test_texts_of_the_catalogue(name: str) -> None:
    assert longest(StakeholderForm()[name]) == catalogue.MAX_LENGTHS[name]


def test_the_catalogue_fits_its_tables() -> None:
    contact = {"contact_name": "person_name", "contact_email": "email", "contact_phone": "phone"}
    for name, limit in catalogue.MAX_LENGTHS.items():
        table, of = ("stakeholder_contact", contact[name]) if name in contact else ("stakeholder", name)
        assert column(table, of) in (limit, None), name


@pytest.mark.parametrize("form", [UserForm, TeamForm, MemberForm])
def test_names_and_addresses_of_people(form: type[UserForm | TeamForm | MemberForm]) -> None:
    assert longest(form().name) == accounts.MAX_NAME_LENGTH == column("person", "name")
    assert longest(form().email) == accounts.MAX_EMAIL_LENGTH == column("person", "email")
    assert longest(LoginForm().email) == accounts.MAX_EMAIL_LENGTH


def test_documents_and_evidence() -> None:
    assert longest(DocumentForm().title) == documents.MAX_TITLE == column("document", "title")
    assert document_files.MAX_NAME_LENGTH + len(".docx") <= column("document", "file_name")
    assert max(len(kind) for kind in document_files.MEDIA_TYPES.values()) <= column("document", "media_type")
    assert column("evidence", "note") == evidence.MAX_NOTE
    assert document_files.MAX_SIZE + 256 * 1024 < body_size.WITH_FILE


def test_names_of_gminas() -> None:
    form = GminaForm()
    for field in (form.name, form.powiat_name, form.wojewodztwo_name):
        assert longest(field) == gminas.MAX_NAME_LENGTH == column("gmina", "name")


def test_the_institution_of_a_named_answer() -> None:
    limit = take_survey.MAX_INSTITUTION_LENGTH
    assert page.INSTITUTION_NAME_LENGTH == limit == column("response", "institution_name")
