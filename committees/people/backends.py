"""A permission held everywhere holds for each object too."""

from django.contrib.auth.backends import ModelBackend


class EverywhereBackend(ModelBackend):
    """Lets a coordinator's model permissions answer questions about single objects.

    Django's own backend answers only questions without an object.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        return None

    def has_perm(self, user_obj, perm, obj=None):
        return obj is not None and super().has_perm(user_obj, perm)
