import pytest
from django.core.exceptions import ValidationError

from providers.directory.validators import ico_is_valid, validate_ico
from tests.factories import OrganisationFactory, ico


@pytest.mark.parametrize("number", ["00282979", "99000075", "99000148", "27082440", "00006947"])
def test_real_numbers_are_valid(number):
    assert ico_is_valid(number)


def passing(place):
    """How many numbers with one wrong digit in ``place`` were tried, and how many of them pass."""
    numbers = [ico(number) for number in range(0, 90_000, 997)]
    wrong = [
        right[:place] + digit + right[place + 1 :]
        for right in numbers
        for digit in "0123456789"
        if digit != right[place]
    ]
    return len(wrong), sum(map(ico_is_valid, wrong))


def test_every_wrong_check_digit_is_refused():
    assert passing(7) == (819, 0)


def test_hardly_any_other_wrong_digit_passes():
    """Two remainders share the check digit 1, so that a few wrong numbers are right by the law itself."""
    tried, passed = map(sum, zip(*map(passing, range(8)), strict=True))

    assert tried == 6552
    assert passed / tried < 0.016


@pytest.mark.parametrize(
    "number",
    ["", "1234567", "123456789", "0028297X", "٠٠٢٨٢٩٧٩", "00282978", " 00282979", "²8297900"],
)
def test_what_is_no_number_is_refused_with_a_sentence(number):
    with pytest.raises(ValidationError) as refusal:
        validate_ico(number)

    assert "není platné IČO" in refusal.value.messages[0]


@pytest.mark.django_db
def test_organisations_without_a_number_do_not_collide():
    first, second = OrganisationFactory(ico=""), OrganisationFactory(ico="")

    assert (first.ico, second.ico) == (None, None)
