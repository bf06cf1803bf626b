"""The application factory: what the service is made of, and the rules that hold for every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app import polish
from survey_app.analysis.diagnoza.page import page_chapters
from survey_app.config import TEMPLATES, Settings
from survey_app.extensions import csrf, tie_extensions
from survey_app.services.context import Context
from survey_app.web import (
    account,
    admin,
    answer_themes,
    api,
    auth,
    bank,
    catalogue_declarations,
    catalogue_files,
    catalogue_merge,
    catalogue_sectors,
    catalogue_stays,
    coding_agreement,
    coding_rating,
    coding_results,
    coding_rounds,
    console,
    console_files,
    criteria,
    diagnoza_files,
    emblem,
    excerpts,
    gminas_table,
    health,
    interview_notice,
    interview_results,
    interviews,
    kept_reports,
    library,
    library_public,
    library_taken_down,
    local_network,
    meetings,
    metrics,
    moderators,
    notes,
    paper_csv,
    paper_files,
    paper_points,
    paper_remarks,
    paper_signatures,
    paper_state,
    paper_text,
    paper_versions,
    papers,
    participants,
    passages,
    personal_data,
    personal_register,
    persuasion,
    process,
    quotations,
    rating_evidence,
    region,
    region_admin,
    region_messages,
    region_records,
    registers,
    report_texts,
    respondent,
    scenarios,
    second_factor,
    single_sign_on,
    site,
    static_files,
    statistics_files,
    team,
    team_campaigns,
    team_catalogue,
    team_documents,
    team_import,
    team_opening,
    team_paper,
    team_people,
    team_results,
    theme_files,
    themes,
    trace,
    transcripts,
)
from survey_app.web.body_size import limit_bodies
from survey_app.web.error_pages import answer_errors
from survey_app.web.fit_pages import keep_pages_fit
from survey_app.web.one_view import read_once
from survey_app.web.quick_forms import QuickForms
from survey_app.web.staff_sessions import StaffSessions
from survey_app.web.styleguide import styleguide

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",  # the address of a respondent's page holds the invitation
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ONE_YEAR = 31_536_000
FILTERS = (
    page_chapters,
    polish.plural,
    polish.counted,
    polish.answers,
    polish.institutions,
    polish.whole,
    polish.decimal,
    polish.percent,
    polish.date,
    polish.date_short,
    polish.moment,
)
BLUEPRINTS = (
    respondent.blueprint,
    styleguide,
    health.blueprint,
    metrics.blueprint,
    site.blueprint,
    library_public.blueprint,
    auth.blueprint,
    second_factor.blueprint,
    single_sign_on.blueprint,
    account.blueprint,
    admin.blueprint,
    team.blueprint,
    process.blueprint,
    process.region_blueprint,
    team_people.blueprint,
    trace.blueprint,
    team_documents.blueprint,
    papers.blueprint,
    registers.blueprint,
    registers.region_blueprint,
    bank.blueprint,
    local_network.blueprint,
    local_network.region_blueprint,
    paper_text.blueprint,
    paper_versions.blueprint,
    paper_state.blueprint,
    emblem.blueprint,
    paper_files.blueprint,
    paper_csv.blueprint,
    paper_remarks.blueprint,
    paper_signatures.blueprint,
    paper_points.blueprint,
    meetings.blueprint,
    team_catalogue.blueprint,
    team_import.blueprint,
    catalogue_stays.blueprint,
    catalogue_declarations.blueprint,
    catalogue_merge.blueprint,
    catalogue_sectors.blueprint,
    catalogue_files.blueprint,
    team_campaigns.blueprint,
    team_opening.blueprint,
    team_paper.blueprint,
    team_results.blueprint,
    statistics_files.blueprint,
    diagnoza_files.blueprint,
    report_texts.blueprint,
    kept_reports.blueprint,
    coding_rounds.blueprint,
    criteria.blueprint,
    coding_rating.blueprint,
    coding_agreement.blueprint,
    coding_results.blueprint,
    persuasion.blueprint,
    gminas_table.blueprint,
    rating_evidence.blueprint,
    scenarios.blueprint,
    interviews.blueprint,
    interview_notice.blueprint,
    interview_results.blueprint,
    excerpts.blueprint,
    quotations.blueprint,
    console.blueprint,
    console_files.blueprint,
    moderators.blueprint,
    notes.blueprint,
    transcripts.blueprint,
    themes.blueprint,
    passages.blueprint,
    participants.blueprint,
    personal_data.blueprint,
    personal_register.blueprint,
    personal_register.participant_blueprint,
    answer_themes.blueprint,
    theme_files.blueprint,
    region.blueprint,
    region.row_blueprint,
    region_admin.blueprint,
    region_records.blueprint,
    region_records.admin_blueprint,
    region_messages.blueprint,
    region_messages.team_blueprint,
    library.blueprint,
    library.region_blueprint,
    library.admin_blueprint,
    library_taken_down.blueprint,
    api.blueprint,
)


class Application(Flask):
    """Flask, knowing that no view and no hook here is a coroutine: it asks that a dozen times per request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None, context: Context | None = None) -> Flask:
    """The whole service. Without arguments, settings come from the environment; tests hand in a context."""
    if context is None:
        context = Context.from_settings(settings or Settings.from_environment())
    app = Application("survey_app.web", template_folder=str(TEMPLATES))
    app.url_map.merge_slashes = False  # a redirect would name a host that only the caller has named
    app.extensions["context"] = context
    app.config.from_mapping(_configuration(context.settings))
    _believe_proxies(app, context.settings.trusted_proxies)
    app.session_interface = StaffSessions()
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update({render.__name__: render for render in FILTERS})
    limit_bodies(app)
    read_once(app)
    tie_extensions(app)
    if context.settings.single_sign_on is not None:
        from survey_app.web import sign_on_client

        sign_on_client.tie(app, context.settings.single_sign_on)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    csrf.exempt(respondent.blueprint)  # no session, so there is nothing that a foreign page could borrow
    static_files.tell_versions_apart(app)
    answer_errors(app)
    keep_pages_fit(app)
    app.after_request(_add_headers)
    metrics.count_requests(app)
    app.wsgi_app = QuickForms(app, app.wsgi_app, _headers_of_all(app))  # type: ignore[method-assign]
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Without this, a limit per caller would count everyone behind the proxy as one."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.secret_key_fallbacks),
        "SESSION_COOKIE_NAME": "__Host-panel" if settings.secure_cookies else "panel",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


def _headers_of_all(app: Flask) -> list[tuple[str, str]]:
    """What every page is sent with, unless its view has set it."""
    # A staff page names people; a respondent's page holds the key of one answer.
    headers = [*HEADERS.items(), ("Cache-Control", "no-store")]
    if app.config["SESSION_COOKIE_SECURE"]:
        headers.append(("Strict-Transport-Security", f"max-age={ONE_YEAR}"))
    return headers


def _add_headers(response: Response) -> Response:
    """What a view has set itself stays."""
    there = {
        name.lower() for name, _ in response.headers
    }  # asked once: it is a list, looked through at each question
    for name, value in _headers_of_all(current_app):
        if name.lower() not in there and not (name == "Cache-Control" and request.endpoint == "static"):
            response.headers.add(name, value)
    return response
