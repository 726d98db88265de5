"""What tests of meetings share."""

import pytest

from committees.meetings import printing


@pytest.fixture
def quick_paper(monkeypatch):
    """The invitation on paper takes a second and has tests of its own; with this it is a few bytes."""
    monkeypatch.setattr(printing, "invitation_pdf", lambda meeting: b"%PDF-1.7 invitation")
