"""What a signed-in person finds about their account."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def email(request):
    """Whose e-mail opens the account, and who changes it: the coordinator, not the person."""
    return render(request, "people/email.html")
