"""Everything that the portal reads from its environment, in one place."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent


class ConfigError(Exception):
    """A setting that cannot be used; its text is one line for whoever set it."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    host: str
    port: int = 25
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    starttls: bool = False
    tls: bool = False
    sender: str = "cumbre@localhost"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Flask's settings and ours: `app.config.from_mapping(config.mapping())`.

    Without DATABASE_URL the portal runs its own PostgreSQL under CUMBRE_DATA (app/core/embedded.py).
    """

    CUMBRE_DATA: Path
    SECRET_KEY: str = field(repr=False)
    DATABASE_URL: str | None = field(default=None, repr=False)
    MAIL: Mail | None = None
    HTTPS: bool = False
    TRUSTED_PROXIES: int = 0
    TESTING: bool = False
    LISTEN_FOR_CHANGES: bool = True

    BABEL_DEFAULT_LOCALE: str = "en_US"
    BABEL_DEFAULT_TIMEZONE: str = "UTC"
    MAX_CONTENT_LENGTH: int = 10 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE: int = 1024 * 1024
    PERMANENT_SESSION_LIFETIME: timedelta = timedelta(hours=12)
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    SEND_FILE_MAX_AGE_DEFAULT: timedelta = timedelta(days=365)
    WTF_CSRF_TIME_LIMIT: int | None = None

    @property
    def SESSION_COOKIE_SECURE(self) -> bool:  # noqa: N802 - settings are capitals
        return self.HTTPS

    @property
    def SESSION_COOKIE_NAME(self) -> str:  # noqa: N802 - settings are capitals
        return f"{self.COOKIE_PREFIX}cumbre"

    @property
    def COOKIE_PREFIX(self) -> str:  # noqa: N802 - settings are capitals
        """`__Host-` is only accepted by browsers over HTTPS."""
        return "__Host-" if self.HTTPS else ""

    @property
    def PREFERRED_URL_SCHEME(self) -> str:  # noqa: N802 - settings are capitals
        return "https" if self.HTTPS else "http"

    def mapping(self) -> dict[str, object]:
        derived = [name for name, kind in vars(type(self)).items() if isinstance(kind, property)]
        return {name: getattr(self, name) for name in [*(f.name for f in fields(self)), *derived]}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Raises ConfigError for a setting that makes no sense or a data folder that cannot be written."""
        env = os.environ if environ is None else environ
        data = data_folder(env)
        return cls(
            CUMBRE_DATA=data,
            SECRET_KEY=env.get("SECRET_KEY") or _kept_secret(data),
            DATABASE_URL=database_url(env),
            MAIL=_mail(env),
            HTTPS=_switch(env, "HTTPS"),
            TRUSTED_PROXIES=_number(env, "TRUSTED_PROXIES", 0),
        )


def data_folder(env: Mapping[str, str]) -> Path:
    chosen = env.get("CUMBRE_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    as_root = sys.platform != "win32" and os.geteuid() == 0
    return Path("/var/lib/cumbre") if as_root else ROOT / "instance"


def make_folder(data: Path) -> None:
    """Only what is made here gets its permissions set; as root, the database's own user passes through."""
    if not data.exists():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)


def database_url(env: Mapping[str, str]) -> str | None:
    """DATABASE_URL as SQLAlchemy wants it, with the driver named; None means the embedded server."""
    url = env.get("DATABASE_URL", "").strip()
    if not url:
        return None
    scheme, _, rest = url.partition("://")
    try:
        _ = urlsplit(url).port
    except ValueError:
        scheme = ""
    if not rest or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ConfigError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    return f"postgresql+psycopg://{rest}"


def _kept_secret(data: Path) -> str:
    """The key that signs tokens, made once; whoever loses it only has to sign in again."""
    path = data / "secret_key"
    try:
        make_folder(data)
        if not path.exists():
            draft = data / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"cannot write to the data folder {data}: {error.strerror}") from None


def _mail(env: Mapping[str, str]) -> Mail | None:
    """SMTP_URL=smtp://user:password@host:587?starttls or SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD."""
    sender = env.get("MAIL_FROM", "cumbre@localhost")
    if url := env.get("SMTP_URL"):
        parts = urlsplit(url)
        try:
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if parts.scheme not in {"smtp", "smtps"} or not host:
            raise ConfigError("SMTP_URL must look like smtp://user:password@host:587?starttls")
        tls = parts.scheme == "smtps"
        return Mail(
            host=host,
            port=port or (465 if tls else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            starttls="starttls" in parts.query,
            tls=tls,
            sender=sender,
        )
    if host := env.get("SMTP_HOST"):
        port = _number(env, "SMTP_PORT", 25)
        return Mail(
            host=host,
            port=port,
            user=env.get("SMTP_USER"),
            password=env.get("SMTP_PASSWORD"),
            starttls=port == 587,
            tls=port == 465,
            sender=sender,
        )
    return None


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in {"", "0", "off", "no", "false"}:
        return False
    if value in {"1", "on", "yes", "true"}:
        return True
    raise ConfigError(f"{name} must be on or off, not {value!r}")


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise ConfigError(f"{name} must be a whole number, not {value!r}")
    return int(value)
