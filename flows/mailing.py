"""Alerts by e-mail, by setting: the same sentence that a webhook gets, to people who read mail.

The settings name server, sender and recipients, never a password: that is in the environment
(`COPYDESK_MAIL_PASSWORD`) or in a Prefect block of the type Secret (`[nightly] mail_password_block`). It is sent over
an encrypted connection only.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import cast

from copydesk.alerts import TIMEOUT_SECONDS, Alert
from copydesk.errors import RunError, UsageError
from copydesk.settings import NightlySettings

PASSWORD = "COPYDESK_MAIL_PASSWORD"  # noqa: S105 - the name of a variable
STARTTLS, TLS, NONE = "starttls", "tls", "none"

SUBJECT_CHARS = 150
"""Of the alert in the subject; the letter has all of it."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Where letters go, and by which server. `user` is empty where the server wants no login."""

    sender: str
    recipients: tuple[str, ...]
    host: str
    port: int
    security: str
    user: str
    password_block: str


def read_mail(settings: NightlySettings) -> Mail | None:
    """What the settings say of letters, None where nobody is to get any.

    Raises UsageError for settings by which none could be sent: better at the start than in the night it is needed.
    """
    recipients = tuple(name.strip() for name in settings.mail_to.split(",") if name.strip())
    if not recipients:
        return None
    for key, address in (("mail_from", settings.mail_from), *(("mail_to", name) for name in recipients)):
        if not _is_address(address):
            raise UsageError(f"[nightly] {key} = {address!r}: must be an e-mail address such as desk@example.org")
    host, _, port = settings.mail_server.rpartition(":")
    if not (host and port.isdecimal()):
        raise UsageError(f"[nightly] mail_server = {settings.mail_server!r}: must be host:port, as mail.example:587")
    if settings.mail_security not in (STARTTLS, TLS, NONE):
        raise UsageError(f"[nightly] mail_security = {settings.mail_security!r}: must be starttls, tls or none")
    if settings.mail_user and settings.mail_security == NONE:
        raise UsageError("[nightly] mail_security = 'none': a password isn't sent in the clear; take starttls or tls")
    if settings.mail_user and not (settings.mail_password_block or os.environ.get(PASSWORD)):
        raise UsageError(f"[nightly] mail_user is set, a password isn't: put it into the environment as {PASSWORD}, or "
                         "into a Prefect Secret block that mail_password_block names")  # fmt: skip
    return Mail(
        settings.mail_from,
        recipients,
        host.strip("[]"),
        int(port),
        settings.mail_security,
        settings.mail_user,
        settings.mail_password_block,
    )


def _is_address(text: str) -> bool:
    name, _, host = text.partition("@")
    return bool(name and host) and "@" not in host and text.isprintable() and " " not in text


def send_mail(mail: Mail, alert: Alert) -> None:
    """Nothing: the server has taken the letter for all recipients.

    Raises RunError if it doesn't take it.
    """
    try:
        with _connect(mail) as server:
            if mail.user:
                server.login(mail.user, _password(mail))
            refused = server.send_message(_letter(mail, alert))
    except (smtplib.SMTPException, OSError) as error:
        # The answer of a server may quote what was sent to it; its kind and code say enough.
        said = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
        raise RunError(f"the mail server {mail.host}:{mail.port} didn't take the alert: {said}; see [nightly] "
                       "mail_server") from error  # fmt: skip
    if refused:
        raise RunError(f"the mail server {mail.host}:{mail.port} refused {', '.join(refused)}; see [nightly] mail_to")


def _connect(mail: Mail) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if mail.security == TLS:
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT_SECONDS, context=secure)
    server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_SECONDS)
    if mail.security == STARTTLS:
        try:
            server.starttls(context=secure)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
    return server


def _password(mail: Mail) -> str:
    if not mail.password_block:
        return os.environ[PASSWORD]
    # Here, so that a letter without a password needs no server to ask.
    from prefect.blocks.system import Secret

    block = cast("Secret[str]", Secret.load(mail.password_block))  # A coroutine only where a loop runs already.
    return str(block.get())


def _letter(mail: Mail, alert: Alert) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = mail.sender, ", ".join(mail.recipients)
    # What a message quotes may hold line ends, and a subject may not.
    letter["Subject"] = " ".join(alert.text.split())[:SUBJECT_CHARS]
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain="copydesk.invalid")
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(f"{alert.text}\n\nCorpus: {alert.corpus}\nRun: {alert.run}\n")
    return letter
