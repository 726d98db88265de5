import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpss import phones
from kpss.czech import NBSP


@pytest.mark.parametrize(
    ("raw", "shown", "dialled"),
    [
        ("+420000000101", "+420 000 000 101", "tel:+420000000101"),
        ("000 000 101", "+420 000 000 101", "tel:+420000000101"),
        ("00420 000-000-101", "+420 000 000 101", "tel:+420000000101"),
        ("112", "112", "tel:112"),
        ("116111", "116 111", "tel:116111"),
        ("+421 2 59311111", "+421 2 593 111 11", "tel:+421259311111"),
        ("zeptejte se na vrátnici", "zeptejte se na vrátnici", ""),
        ("", "", ""),
        ("12", "12", ""),
    ],
)
def test_phone_is_readable_and_can_be_dialled(raw, shown, dialled):
    assert phones.readable(raw).replace(NBSP, " ") == shown
    assert phones.href(raw) == dialled


@given(st.text())
def test_any_text_in_place_of_a_phone_does_no_harm(text):
    assert isinstance(phones.readable(text), str)
    assert set(phones.href(text).removeprefix("tel:")) <= set("+0123456789")
