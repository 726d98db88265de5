from django import forms


class DailyMailForm(forms.Form):
    """Whether the person wants the daily mail; the button says which."""

    wanted = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1"
    )
