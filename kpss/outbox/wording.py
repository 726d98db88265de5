"""Why a mail has not gone, in words for the coordinator."""

from django.utils.translation import gettext as _t

_AWAY = {
    "ConnectionRefusedError",
    "ConnectionResetError",
    "OSError",
    "SMTPConnectError",
    "SMTPServerDisconnected",
    "TimeoutError",
    "gaierror",
}


def reason_of(failure: str) -> str:
    """What ``Message.last_error`` means; a failure nobody foresaw stays as it was written down."""
    name, _space, codes = failure.partition(" ")
    if name in _AWAY:
        return _t("The mail server of the portal did not answer.")
    if name == "SMTPRecipientsRefused":
        return _t("The mail server refused the address of the recipient (%(codes)s).") % {
            "codes": codes
        }
    if name == "SMTPAuthenticationError":
        return _t("The mail server refused the name or password of the portal.")
    if name == "ValidationError":
        return _t("The address is not an e-mail.")
    return failure
