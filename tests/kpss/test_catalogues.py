import gettext
import os

import pytest

from kpss.catalogues import compile_catalogues

HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;\\n"

"""
ENTRIES = """msgid "Plan"
msgstr "Plán"

msgctxt "committee"
msgid "Approved"
msgstr "Schválila"

#, fuzzy
msgid "Doubt"
msgstr "Pochyba"

msgid "%(count)s task"
msgid_plural "%(count)s tasks"
msgstr[0] "%(count)s úkol"
msgstr[1] "%(count)s úkoly"
msgstr[2] "%(count)s úkolů"
"""


@pytest.fixture
def catalogue(tmp_path):
    source = tmp_path / "cs/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + ENTRIES)
    return source


def test_compiled_catalogue_is_read_by_gettext(catalogue, tmp_path):
    assert compile_catalogues(tmp_path) == [catalogue]

    with catalogue.with_suffix(".mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    assert words.gettext("Plan") == "Plán"
    assert words.pgettext("committee", "Approved") == "Schválila"
    assert words.ngettext("%(count)s task", "%(count)s tasks", 5) == "%(count)s úkolů"
    assert words.gettext("Doubt") == "Doubt"
    assert sorted(path.name for path in catalogue.parent.iterdir()) == ["django.mo", "django.po"]


def test_only_a_changed_catalogue_is_compiled_again(catalogue, tmp_path):
    os.utime(catalogue, (1_600_000_000, 1_600_000_000))
    compile_catalogues(tmp_path)

    assert compile_catalogues(tmp_path) == []
    catalogue.write_text(HEADER + ENTRIES.replace("Plán", "Záměr"))
    os.utime(catalogue, (4_000_000_000, 4_000_000_000))
    assert compile_catalogues(tmp_path) == [catalogue]


def test_broken_catalogue_is_refused(catalogue, tmp_path):
    catalogue.write_text(HEADER + 'msgid "Plan"\nPlán\n')

    with pytest.raises(OSError, match="line 7"):
        compile_catalogues(tmp_path)
    assert not catalogue.with_suffix(".mo").exists()
