"""Typed settings, read once from the environment; safe by default, and every fault named in plain words."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from survey_app.errors import ConfigurationError

CHECKOUT = Path(__file__).resolve().parent.parent
INSTRUMENTS = CHECKOUT / "instruments"
TEMPLATES = CHECKOUT / "templates"
MIGRATIONS = CHECKOUT / "migrations"
MIN_SECRET_LENGTH = 32
LOCAL_ADDRESS = "http://127.0.0.1:8000"  # of an installation without PUBLIC_URL
MIN_DIFFERENT_SIGNS = 8  # 32 random hexadecimal digits have fewer once in some hundred thousand times
# What stands in examples and manuals in place of a secret; compared without case and dashes.
EXAMPLE_WORDS = (
    "changeme", "changethis", "zmienmnie", "zmieńmnie", "secret", "sekret", "password", "tajnehasło", "tajnehaslo",
    "example", "przyklad", "przykład", "placeholder", "insecure", "onlyfortests", "qwerty", "loremipsum",
)  # fmt: skip
READABLE_BY_OTHERS = 0o077
# The folder holds the database: other accounts of the machine must not read answers, people or password hashes.
OWNER_ONLY = 0o700


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mail:
    """An SMTP server to hand messages to; mail is optional everywhere."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    security: MailSecurity = MailSecurity.STARTTLS


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """A log-in service of the office (OpenID Connect). `name`: what the button on the log-in page calls it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the service, for its declaration of accessibility and its page on privacy. "" or None: not set.

    `building` and `communication`: how the office can be entered and spoken to, in a sentence or as an address.
    """

    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    dpo_email: str = ""
    accessibility_person: str = ""
    accessibility_email: str = ""
    accessibility_phone: str = ""
    building: str = ""
    communication: str = ""
    published_on: dt.date | None = None
    updated_on: dt.date | None = None
    declared_on: dt.date | None = None
    reviewed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """`key_folders`: the two places that keep a campaign's private key, apart from the database and its backups.

    `trusted_proxies`: how many proxies stand in front, whose word about the caller's address is believed.
    `secret_key_fallbacks`: secrets from before, still believed while people and cookies move on to the new one.
    """

    database_url: str
    var: Path
    key_folders: tuple[Path, Path]
    secret_key: str
    public_url: str | None
    session_minutes: int
    session_idle_minutes: int
    secure_cookies: bool
    trusted_proxies: int = 0
    metrics_token: str | None = field(default=None, repr=False)
    log_format: str = "text"
    mail: Mail | None = None
    secret_key_fallbacks: tuple[str, ...] = ()
    second_factor_required: bool = True
    single_sign_on: SingleSignOn | None = None
    operator: Operator = field(default_factory=Operator)
    link_checks: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Raises ConfigurationError naming the setting, what is wrong with it and what to write instead."""
        env = os.environ if environment is None else environment
        var = Path(env.get("SURVEY_VAR", str(CHECKOUT / "var"))).resolve()
        public_url = _public_url(env.get("PUBLIC_URL"))
        return cls(
            database_url=_database_url(env.get("DATABASE_URL"), var),
            var=var,
            key_folders=_key_folders(env.get("KEY_FOLDERS"), var),
            secret_key=_secret_key(env.get("SECRET_KEY"), var),
            public_url=public_url,
            session_minutes=_positive(env, "SESSION_MINUTES", 480),
            session_idle_minutes=_positive(env, "SESSION_IDLE_MINUTES", 60),
            secure_cookies=bool(public_url and public_url.startswith("https://")),
            trusted_proxies=_count(env, "TRUSTED_PROXIES"),
            metrics_token=_metrics_token(env.get("METRICS_TOKEN")),
            log_format=_choice(env, "LOG_FORMAT", ("text", "json")),
            mail=_mail(env),
            secret_key_fallbacks=_fallbacks(env.get("SECRET_KEY_FALLBACKS")),
            second_factor_required=_choice(env, "SECOND_FACTOR", ("required", "optional")) == "required",
            single_sign_on=_single_sign_on(env),
            operator=_operator(env),
            link_checks=_choice(env, "LINK_CHECKS", ("on", "off")) == "on",
        )


def _database_url(value: str | None, var: Path) -> str:
    if not value:
        return f"sqlite:///{var / 'survey.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value[len(prefix) :]
    if value.startswith(("sqlite:///", "postgresql+psycopg://")):
        return value
    raise ConfigurationError(
        "DATABASE_URL: serwis zna bazy SQLite (sqlite:////ścieżka/plik.sqlite3) i PostgreSQL (postgresql://…)."
    )


def _key_folders(value: str | None, var: Path) -> tuple[Path, Path]:
    if not value:
        return var / "keys-1", var / "keys-2"
    folders = [Path(part).resolve() for part in value.split(os.pathsep) if part]
    if len(folders) != 2 or folders[0] == folders[1]:
        raise ConfigurationError(
            f"KEY_FOLDERS: podaj dwa różne katalogi rozdzielone znakiem „{os.pathsep}”, najlepiej na dwóch dyskach."
        )
    return folders[0], folders[1]


def _secret_key(value: str | None, var: Path) -> str:
    if not value:
        return _kept_secret(var / "secret-key")
    weakness = secret_weakness(value)
    if weakness:
        raise ConfigurationError(
            f"SECRET_KEY: {weakness} Dobry wypisze polecenie: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))". '
            "Bez tego ustawienia serwis sam zrobi go i zachowa w katalogu SURVEY_VAR."
        )
    return value


def secret_weakness(value: str) -> str | None:
    """Why somebody could guess this secret, in Polish; None: nothing speaks against it."""
    plain = "".join(sign for sign in value.casefold() if sign.isalnum())
    if len(value) < MIN_SECRET_LENGTH:
        return f"potrzeba co najmniej {MIN_SECRET_LENGTH} losowych znaków."
    if any(word in plain for word in EXAMPLE_WORDS):
        return "to wartość z przykładu albo zwykłe słowo, a nie losowe znaki."
    if len(set(value)) < MIN_DIFFERENT_SIGNS:
        return f"powtarza wciąż te same znaki; losowy ma ich co najmniej {MIN_DIFFERENT_SIGNS} różnych."
    if _is_repeated(value) or _is_row(value):
        return "powtarza ten sam fragment albo kolejne znaki, a potrzebne są losowe."
    return None


def _is_repeated(value: str) -> bool:
    """Whether it is one part of at most half its length, over and over."""
    return any(value[length:] == value[:-length] for length in range(1, len(value) // 2 + 1))


def _is_row(value: str) -> bool:
    """Whether half of its signs follow the one before them, as in "abcdef" or "987654"."""
    steps = [abs(ord(after) - ord(before)) for before, after in pairwise(value)]
    return 2 * steps.count(1) >= len(steps)


def _fallbacks(value: str | None) -> tuple[str, ...]:
    words = tuple((value or "").split())
    for weakness in filter(None, map(secret_weakness, words)):
        raise ConfigurationError(
            f"SECRET_KEY_FALLBACKS: dawne sekrety rozdziela się spacjami, każdy w całości; {weakness}"
        )
    return words


def _metrics_token(value: str | None) -> str | None:
    weakness = secret_weakness(value) if value else None
    if weakness:
        raise ConfigurationError(f"METRICS_TOKEN: {weakness} Bez tego ustawienia strony /metrics nie ma.")
    return value or None


def _kept_secret(path: Path) -> str:
    """A secret of the installation's own, made once: sessions survive a restart without anybody choosing a word."""
    path.parent.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    if not path.exists():
        _make_secret(path)
    again = f"Usuń plik {path}: serwis zrobi nowy, a zespoły zalogują się jeszcze raz."
    if os.name == "posix" and path.stat().st_mode & READABLE_BY_OTHERS:
        raise ConfigurationError(f"Zachowany sekret mogą czytać inne konta tej maszyny. {again}")
    kept = path.read_bytes().decode("ascii", "replace").strip()
    if secret_weakness(kept):
        raise ConfigurationError(f"Zachowany sekret jest uszkodzony albo za słaby. {again}")
    return kept


def _make_secret(path: Path) -> None:
    """Whole or not at all: a crash, or another process that starts at once, never leaves half of it."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was first: theirs is the secret
        pass
    except OSError:  # a file system without links
        os.rename(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _public_url(value: str | None) -> str | None:
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError("PUBLIC_URL: podaj pełny adres serwisu, np. https://ankieta.gmina.pl")
    return value.rstrip("/")


def _choice(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The first is what holds when nothing is said."""
    value = env.get(name) or choices[0]
    if value not in choices:
        raise ConfigurationError(f"{name}: do wyboru {', '.join(choices)}; jest „{value}”.")
    return value


def _single_sign_on(env: Mapping[str, str]) -> SingleSignOn | None:
    issuer = env.get("OIDC_ISSUER")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ConfigurationError(
            "OIDC_ISSUER: podaj adres https usługi logowania, np. https://login.gmina.pl"
        )
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not env.get(name):
            raise ConfigurationError(f"{name}: bez tego logowanie przez {issuer} nie zadziała.")
    name = env.get("OIDC_NAME") or "konto urzędowe"
    return SingleSignOn(issuer.rstrip("/"), env["OIDC_CLIENT_ID"], env["OIDC_CLIENT_SECRET"], name)


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not value.isdecimal() or int(value) == 0:
        raise ConfigurationError(f"{name}: podaj liczbę całkowitą większą od zera, jest „{value}”.")
    return int(value)


def _mail(env: Mapping[str, str]) -> Mail | None:
    if not env.get("SMTP_HOST"):
        return None
    if not env.get("SMTP_FROM"):
        raise ConfigurationError("SMTP_FROM: podaj adres nadawcy wiadomości, np. zsl@gmina.pl")
    security = env.get("SMTP_SECURITY", MailSecurity.STARTTLS)
    if security not in list(MailSecurity):
        raise ConfigurationError(f"SMTP_SECURITY: do wyboru {', '.join(MailSecurity)}; jest „{security}”.")
    return Mail(
        host=env["SMTP_HOST"],
        port=_positive(env, "SMTP_PORT", 465 if security == MailSecurity.TLS else 587),
        sender=env["SMTP_FROM"],
        user=env.get("SMTP_USER"),
        password=env.get("SMTP_PASSWORD"),
        security=MailSecurity(security),
    )


def _count(env: Mapping[str, str], name: str) -> int:
    value = env.get(name, "0")
    if not value.isdecimal():
        raise ConfigurationError(f"{name}: podaj liczbę całkowitą, 0 albo więcej, jest „{value}”.")
    return int(value)


def _operator(env: Mapping[str, str]) -> Operator:
    texts = {name: " ".join(value.split()) for name, value in env.items() if isinstance(value, str)}
    email, phone = _email(texts, "OPERATOR_EMAIL"), texts.get("OPERATOR_PHONE", "")
    return Operator(
        name=texts.get("OPERATOR_NAME", ""),
        address=texts.get("OPERATOR_ADDRESS", ""),
        email=email,
        phone=phone,
        dpo_email=_email(texts, "DPO_EMAIL"),
        accessibility_person=texts.get("ACCESSIBILITY_PERSON", ""),
        accessibility_email=_email(texts, "ACCESSIBILITY_EMAIL") or email,
        accessibility_phone=texts.get("ACCESSIBILITY_PHONE", "") or phone,
        building=texts.get("ACCESSIBILITY_BUILDING", ""),
        communication=texts.get("ACCESSIBILITY_COMMUNICATION", ""),
        published_on=_day(texts, "SITE_PUBLISHED"),
        updated_on=_day(texts, "SITE_UPDATED"),
        declared_on=_day(texts, "ACCESSIBILITY_DATE"),
        reviewed_on=_day(texts, "ACCESSIBILITY_REVIEWED"),
    )


def _email(texts: Mapping[str, str], name: str) -> str:
    value = texts.get(name, "")
    if value and not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+", value):
        raise ConfigurationError(f"{name}: podaj jeden adres e-mail, np. urzad@gmina.pl; jest „{value}”.")
    return value


def _day(texts: Mapping[str, str], name: str) -> dt.date | None:
    value = texts.get(name, "")
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        raise ConfigurationError(f"{name}: podaj dzień w postaci 2026-11-30, jest „{value}”.") from None
