import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

VALUES = {
    "day": dt.date(2020, 11, 12),
    "moment": dt.datetime(2020, 11, 12, 13, 30, tzinfo=dt.UTC),
    "amount": 1291040,
    "text": 'jde o "to" <b>',
    "safe": mark_safe("jde o <b>to</b>"),
    "phone": "000000101",
    "start": 2020,
    "end": 2023,
    "source": "# V obci",
    "none": None,
    "word": "neznámo",
}


def rendered(template, language):
    with translation.override(language):
        return Template(template).render(Context(VALUES)).replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("template", "czech", "english"),
    [
        ("{{ day|cz_date }}", "12.~11.~2020", "12~November~2020"),
        ("{{ moment|cz_date }}", "12.~11.~2020", "12~November~2020"),
        ("{{ moment|cz_datetime }}", "12.~11.~2020~v~14:30", "12~November~2020, 14:30"),
        ("{{ amount|cz_number }}", "1~291~040", "1,291,040"),
        ("{{ amount|czk }}", "1~291~040~Kč", "CZK~1,291,040"),
        ("{{ start|cz_period:end }}", "2020–2023", "2020–2023"),
        ("{{ phone|phone }}", "+420~000~000~101", "+420~000~000~101"),
        ("{{ phone|tel_href }}", "tel:+420000000101", "tel:+420000000101"),
        ("{{ text|typo }}", "jde o~„to“ &lt;b&gt;", "jde o~„to“ &lt;b&gt;"),
        ("{{ safe|typo }}", "jde o~<b>to</b>", "jde o~<b>to</b>"),
        ("{{ source|markdown }}", "<h2>V~obci</h2>\n", "<h2>V~obci</h2>\n"),
        ("{{ source|markdown:2 }}", "<h3>V~obci</h3>\n", "<h3>V~obci</h3>\n"),
        ("{{ none|cz_date }}{{ none|cz_datetime }}{{ none|cz_number }}{{ none|czk }}", "", ""),
        ("{{ none|typo }}{{ none|markdown }}{{ missing|cz_date }}", "", ""),
        (
            "{{ word|cz_number }} {{ word|czk }} {{ word|cz_date }}",
            "neznámo neznámo ",
            "neznámo neznámo ",
        ),
    ],
)
def test_filter_speaks_the_language_of_the_page(template, czech, english):
    assert rendered(template, "cs") == czech
    assert rendered(template, "en") == english
