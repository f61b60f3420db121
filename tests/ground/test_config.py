"""Settings come from the environment; what makes no sense is said."""

import os
import stat

import pytest

from config import ROOT, Config, ConfigError, data_folder


def made(tmp_path, **env: str) -> Config:
    return Config.from_environment({"CUMBRE_DATA": str(tmp_path / "data"), **env})


def test_everything_lies_beside_the_code_or_for_root_where_systems_keep_it(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert data_folder({}) == ROOT / "instance"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert str(data_folder({})) == "/var/lib/cumbre"


def test_the_secret_is_made_once_and_only_for_its_owner(tmp_path):
    first = made(tmp_path)
    assert made(tmp_path).SECRET_KEY == first.SECRET_KEY
    assert len(first.SECRET_KEY) >= 64
    assert stat.S_IMODE((tmp_path / "data/secret_key").stat().st_mode) == 0o600
    assert first.SECRET_KEY not in repr(first)


def test_a_given_secret_is_used(tmp_path):
    assert made(tmp_path, SECRET_KEY="from a vault").SECRET_KEY == "from a vault"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_way_to_write_a_database_url_gets_the_driver(tmp_path, scheme):
    assert made(tmp_path, DATABASE_URL=f"{scheme}://u:p@db/x").DATABASE_URL == "postgresql+psycopg://u:p@db/x"


def test_over_https_cookies_belong_to_this_host_alone(tmp_path):
    plain, secure = made(tmp_path).mapping(), made(tmp_path, HTTPS="on").mapping()
    assert plain["SESSION_COOKIE_NAME"] == "cumbre"
    assert secure["SESSION_COOKIE_NAME"] == "__Host-cumbre"
    assert secure["SESSION_COOKIE_SECURE"] is True


def test_mail_by_url_or_by_parts(tmp_path):
    by_url = made(tmp_path, SMTP_URL="smtp://ana%40x:p%2Fw@mail.example:587?starttls", MAIL_FROM="a@x").MAIL
    by_parts = made(
        tmp_path,
        SMTP_HOST="mail.example",
        SMTP_PORT="587",
        SMTP_USER="ana@x",
        SMTP_PASSWORD="p/w",
        MAIL_FROM="a@x",
    ).MAIL
    assert by_url == by_parts
    assert by_url is not None
    assert (by_url.host, by_url.port, by_url.starttls, by_url.tls) == ("mail.example", 587, True, False)
    assert made(tmp_path).MAIL is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///x"),
        ("HTTPS", "perhaps"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "smtp://mail.example:port"),
        ("TRUSTED_PROXIES", "one"),
    ],
)
def test_nonsense_is_named(tmp_path, name, value):
    with pytest.raises(ConfigError, match=name):
        made(tmp_path, **{name: value})
