"""Letters arrive at a real mail server; what can't be sent is said at the start; passwords stay secret."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.flows.post_office import free_port, post_office, secure, write_certificate

from copydesk.alerts import Alert
from copydesk.errors import RunError, UsageError
from copydesk.settings import NightlySettings

sys.path.insert(0, str(Path(__file__).parents[2] / "flows"))
from mailing import PASSWORD, read_mail, send_mail

ALERT = Alert("held", "corpus/clean", "brave-owl", "gate new.no_date is 52.0 %,\nover the limit of 30.0 %")
SETTINGS = NightlySettings(mail_to="desk@news.example, night@news.example", mail_from="copydesk@news.example")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback."""
    return write_certificate(tmp_path_factory.mktemp("certificate") / "both.pem")


def test_letter_arrives_with_the_alert_in_its_subject():
    """All recipients get one letter; a line end in the message doesn't break the subject."""
    with post_office() as (mailbox, server):
        mail = read_mail(replace(SETTINGS, mail_server=server, mail_security="none"))
        assert mail is not None
        send_mail(mail, ALERT)
    [(envelope, letter)] = mailbox.letters
    assert envelope.mail_from == "copydesk@news.example"
    assert envelope.rcpt_tos == ["desk@news.example", "night@news.example"]
    assert letter["Subject"].startswith("copydesk held: corpus/clean (run brave-owl): gate new.no_date is 52.0 %, over")
    assert "over the limit of 30.0 %\r\n\r\nCorpus: corpus/clean" in letter.get_payload()


def test_login_is_encrypted(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    """The password comes out of the environment and goes over a connection whose certificate was checked."""
    monkeypatch.setenv(PASSWORD, "open sesame")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post_office(tls_context=secure(certificate), require_starttls=True) as (mailbox, server):
        mail = read_mail(replace(SETTINGS, mail_server=server, mail_user="copydesk"))
        assert mail is not None
        send_mail(mail, ALERT)
    assert mailbox.logins == [(b"copydesk", b"open sesame")]
    assert len(mailbox.letters) == 1


def test_server_that_is_not_who_it_says_gets_no_password(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    """A certificate that nobody vouches for ends it before the login."""
    monkeypatch.setenv(PASSWORD, "open sesame")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with post_office(tls_context=secure(certificate)) as (mailbox, server):
        mail = read_mail(replace(SETTINGS, mail_server=server, mail_user="copydesk"))
        assert mail is not None
        with pytest.raises(RunError, match="didn't take the alert: SSLCertVerificationError"):
            send_mail(mail, ALERT)
    assert mailbox.logins == []


def test_wrong_password_is_said_without_it(certificate: Path, monkeypatch: pytest.MonkeyPatch):
    """The message names server, kind and code, nothing that was sent."""
    monkeypatch.setenv(PASSWORD, "close sesame")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with post_office(tls_context=secure(certificate)) as (mailbox, server):
        mail = read_mail(replace(SETTINGS, mail_server=server, mail_user="copydesk"))
        assert mail is not None
        with pytest.raises(RunError, match="SMTPAuthenticationError 535") as error:
            send_mail(mail, ALERT)
    assert "sesame" not in str(error.value)
    assert mailbox.letters == []


def test_mailbox_that_is_not_there_is_named():
    """The others get their letter; who didn't is said."""
    with post_office() as (mailbox, server):
        settings = replace(SETTINGS, mail_to="nobody@news.example, desk@news.example", mail_server=server)
        mail = read_mail(replace(settings, mail_security="none"))
        assert mail is not None
        with pytest.raises(RunError, match=r"refused nobody@news\.example"):
            send_mail(mail, ALERT)
    assert [envelope.rcpt_tos for envelope, _ in mailbox.letters] == [["desk@news.example"]]


def test_nobody_there_is_an_error():
    """A dead server is one line with its address."""
    mail = read_mail(replace(SETTINGS, mail_server=f"127.0.0.1:{free_port()}", mail_security="none"))
    assert mail is not None
    with pytest.raises(RunError, match=r"mail server 127\.0\.0\.1:\d+ didn't take the alert: ConnectionRefusedError"):
        send_mail(mail, ALERT)


def test_nobody_is_told_by_default():
    """Without recipients there is no letter, whatever else is set."""
    assert read_mail(NightlySettings()) is None
    assert read_mail(NightlySettings(mail_server="nonsense", mail_to=" , ")) is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"mail_from": ""}, r"mail_from = '': must be an e-mail address"),
        ({"mail_to": "desk"}, r"mail_to = 'desk': must be an e-mail address"),
        ({"mail_to": "a@b\nBcc: c@d"}, r"must be an e-mail address"),
        ({"mail_server": "news.example"}, r"must be host:port"),
        ({"mail_security": "ssl"}, r"must be starttls, tls or none"),
        ({"mail_security": "none", "mail_user": "copydesk"}, r"isn't sent in the clear"),
        ({"mail_user": "copydesk"}, r"environment as COPYDESK_MAIL_PASSWORD"),
    ],
)
def test_settings_that_can_send_nothing_are_refused(
    changed: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
):
    """Wrong settings are said at the start, with the key and what is allowed."""
    monkeypatch.delenv(PASSWORD, raising=False)
    with pytest.raises(UsageError, match=message):
        read_mail(replace(SETTINGS, **changed))
