"""How people get in: accounts are made by the coordinator, never by signing up."""

from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse

from kpss.territory.models import Region


class PortalAccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed; mails speak for the region and lead to the address of the portal."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        facts = {
            "region": Region.load(),
            "site_url": settings.SITE_URL,
            "code_minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
            "link_days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        }
        super().send_mail(template_prefix, email, {**facts, **context})

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail; it never trusts the host that the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))
