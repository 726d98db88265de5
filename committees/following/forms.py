from django import forms


class AddressForm(forms.Form):
    """What to do with the private address: make one, replace the one of ``key``, or only close it."""

    key = forms.UUIDField(required=False)
    action = forms.ChoiceField(choices=[("renew", ""), ("cancel", "")])
