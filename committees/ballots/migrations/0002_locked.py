"""What is put to the vote, by which rules and by whom stays as it was at the opening; a result stays for ever."""

from django.db import migrations

from kpss.triggers import history_only_grows, refuse, refuse_when

AT_OPENING = [
    "committee_id", "place", "mode", "method", "title", "verb", "text", "background", "token",
    "created_by_id", "created_at", "deadline", "meeting_number", "opened_at", "rules_id", "quorum",
    "majority", "chair_decides_tie", "silence", "closes_early", "votes_public", "members_total",
]  # fmt: skip
AT_CLOSING = [
    "state", "closed_at", "members_present", "excluded", "votes_for", "votes_against", "abstained",
    "silent", "chair_voted_for", "is_adopted",
]  # fmt: skip
ONCE = ["resolution_id", "protocol_id", "protocol_public_id"]
NOT_DRAFT, NOT_OPEN = "<> 'draft'", "<> 'open'"
TAKES_VOTES = "= 'open' AND b.method = 'named'"
TAKES_SECRET_VOTES = "= 'open' AND b.method = 'secret'"
VOTERS = ["id", "ballot_id", "seat_id", "person_id", "side", "presides"]
CONFLICT = ["is_excluded", "excluded_at", "excluded_by_id", "conflict"]
HAS_A_VOTE = "EXISTS (SELECT 1 FROM ballots_vote v WHERE v.voter_id = OLD.id)"


def differ(columns):
    return "(" + " OR ".join(f"OLD.{c} {{differs}} NEW.{c}" for c in columns) + ")"


def ballot_is(row, condition):
    return f"EXISTS (SELECT 1 FROM ballots_ballot b WHERE b.id = {row}.ballot_id AND b.state {condition})"


filled = " OR ".join(f"(OLD.{c} IS NOT NULL AND OLD.{c} {{differs}} NEW.{c})" for c in ONCE)


class Migration(migrations.Migration):
    dependencies = [("ballots", "0001_initial")]

    operations = [
        refuse_when(
            "ballots_ballot_locked",
            "ballots_ballot",
            {
                "UPDATE": f"OLD.id <> NEW.id OR (OLD.state <> 'draft' AND {differ(AT_OPENING)})"
                f" OR (OLD.state IN ('closed', 'cancelled') AND {differ(AT_CLOSING)})"
                " OR (OLD.state = 'draft' AND NEW.state = 'closed')"
                f" OR (OLD.state = 'open' AND NEW.state = 'draft') OR {filled}",
                "DELETE": "OLD.state <> 'draft'",
            },
            "A ballot stays as it was at its opening, and its result as it was counted",
        ),
        refuse_when(
            "ballots_voter_locked",
            "ballots_voter",
            {
                "INSERT": f"{ballot_is('NEW', NOT_DRAFT)} OR NEW.has_voted",
                # A conflict is declared once and only before the voice; a secret voice is marked once.
                "UPDATE": f"{differ(VOTERS)} OR {ballot_is('OLD', NOT_OPEN)}"
                f" OR (OLD.is_excluded OR NOT NEW.is_excluded) AND {differ(CONFLICT)}"
                f" OR (NEW.is_excluded AND NOT OLD.is_excluded AND (OLD.has_voted OR {HAS_A_VOTE}))"
                " OR (OLD.has_voted AND NOT NEW.has_voted)"
                f" OR (NEW.has_voted AND NOT {ballot_is('NEW', TAKES_SECRET_VOTES)})",
                "DELETE": ballot_is("OLD", NOT_DRAFT),
            },
            "Who may vote is settled when the ballot opens",
        ),
        refuse_when(
            "ballots_vote_in_time",
            "ballots_vote",
            {
                "INSERT": f"NOT {ballot_is('NEW', TAKES_VOTES)}"
                " OR NOT EXISTS (SELECT 1 FROM ballots_voter v WHERE v.id = NEW.voter_id"
                " AND v.ballot_id = NEW.ballot_id AND NOT v.is_excluded)",
            },
            "A vote is taken only from a voter and only while the ballot is open",
        ),
        refuse("ballots_vote_no_update", "ballots_vote", "UPDATE", "A vote never changes"),
        refuse("ballots_vote_no_delete", "ballots_vote", "DELETE", "A vote never changes"),
        refuse_when(
            "ballots_paper_locked",
            "ballots_ballotpaper",
            {
                "INSERT": ballot_is("NEW", NOT_DRAFT),
                "UPDATE": f"{ballot_is('OLD', NOT_DRAFT)} OR {ballot_is('NEW', NOT_DRAFT)}",
                "DELETE": ballot_is("OLD", NOT_DRAFT),
            },
            "Papers stay as they were when the ballot opened",
        ),
        history_only_grows("ballots_ballotevent", "ballot_id"),
    ]
