"""Committees, their members and resolutions, shaped for pages and documents."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, pgettext

from documents.library.models import Document

from .enums import CommitteeKind, Role, Side
from .models import Committee, Resolution, Rules, Seat
from .wording import public_role

ROLE_ORDER = {role: order for order, role in enumerate(Role)}
TRIAD = (Side.USER, Side.PROVIDER, Side.COMMISSIONER)


@dataclass(frozen=True)
class MemberLine:
    """One member as the public may see them. Without consent a user-side member has no name here.

    ``name_or_role`` is "Mgr. Jana Nováková" or "a representative of users and carers"; ``role`` is in
    words and empty for a plain member; ``function`` and ``organisation`` are empty with the name hidden.
    """

    name_or_role: str
    role: str
    side: Side
    function: str
    organisation: str
    is_named: bool = True
    votes: bool = True
    organisation_url: str = ""


@dataclass(frozen=True)
class SideGroup:
    """One side of the triad at the table: its members, and how many of them vote."""

    side: Side
    label: str
    members: list[MemberLine]

    @property
    def count(self) -> int:
        """How many members of this side vote."""
        return sum(member.votes for member in self.members)

    @property
    def listed(self) -> list[MemberLine]:
        """Members worth a line of their own: those with a name or a role."""
        return [member for member in self.members if member.is_named or member.role]

    @property
    def unnamed(self) -> str:
        """The other members in one phrase: "3 zástupci uživatelů a pečujících"; empty for none."""
        others = len(self.members) - len(self.listed)
        return (
            ngettext(
                "%(count)s representative of users and carers",
                "%(count)s representatives of users and carers",
                others,
            )
            % {"count": others}
            if others
            else ""
        )


@dataclass(frozen=True)
class KindGroup:
    """Committees that do the same for the plan."""

    title: str
    explanation: str
    committees: list[Committee]


def committees_for_list(user, day: datetime.date) -> QuerySet[Committee]:
    """Committees the user may see, with the number of members who vote on ``day``. One query."""
    members = (
        Seat.objects.as_of(day)
        .voting()
        .filter(committee=OuterRef("pk"))
        .order_by()
        .values("committee")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Committee.objects.visible_to(user)
        .select_related("parent")
        .annotate(member_count=Subquery(members))
        .order_by("position", "sort_key")
    )


def groups_for_list(user, day: datetime.date) -> tuple[list[KindGroup], list[Committee]]:
    """Committees at work on ``day`` by what they do for the plan, and those that ended before."""
    at_work: dict[str, list[Committee]] = {}
    ended = []
    for committee in committees_for_list(user, day):
        if committee.dissolved_on and committee.dissolved_on < day:
            ended.append(committee)
        else:
            at_work.setdefault(committee.kind, []).append(committee)
    groups = [
        KindGroup(title, explanation, [one for kind in kinds for one in at_work.get(kind, [])])
        for title, explanation, kinds in _kinds_by_work()
    ]
    return [group for group in groups if group.committees], ended


def _kinds_by_work() -> list[tuple[str, str, list[CommitteeKind]]]:
    return [
        (
            _t("They prepare the plan"),
            _t("People who use services, provide them and pay for them sit at one table."),
            [CommitteeKind.WORKING_GROUP, CommitteeKind.COORDINATION],
        ),
        (
            _t("They steer the planning"),
            _t("They put the proposals together and are the first to decide on the plan."),
            [
                CommitteeKind.STEERING,
                CommitteeKind.COMMISSION,
                CommitteeKind.ASSEMBLY_COMMITTEE,
            ],
        ),
        (
            _t("They approve the plan"),
            _t("Bodies of the town: the council recommends, the assembly has the last word."),
            [CommitteeKind.COUNCIL, CommitteeKind.ASSEMBLY],
        ),
    ]


def roster(committee: Committee, on: datetime.date) -> list[MemberLine]:
    """Members of ``committee`` on the day, as the public may see them: by side, then by role and name.

    Hidden members come last on their side, so that the order does not give a name away. One query.
    """
    seats = (
        Seat.objects.as_of(on)
        .filter(committee=committee)
        .select_related("person", "organisation")
        .order_by("person__sort_key", "pk")
    )
    sides = {side: order for order, side in enumerate(Side)}
    ordered = sorted(
        seats,
        key=lambda seat: (
            sides[Side(seat.side)],
            not seat.name_is_public,
            ROLE_ORDER[Role(seat.role)],
            seat.person.sort_key if seat.name_is_public else "",
        ),
    )
    return [_public_line(seat) for seat in ordered]


def _public_line(seat: Seat) -> MemberLine:
    if not seat.name_is_public:
        return MemberLine(
            name_or_role=pgettext("member without a name", "a representative of users and carers"),
            role=public_role(seat.role),
            side=Side(seat.side),
            function="",
            organisation="",
            is_named=False,
            votes=Role(seat.role).votes,
        )
    return MemberLine(
        name_or_role=seat.person.get_full_name(),
        role=public_role(seat.role),
        side=Side(seat.side),
        function=seat.function,
        organisation=seat.organisation.name if seat.organisation else "",
        votes=Role(seat.role).votes,
        organisation_url=_organisation_url(seat),
    )


def _organisation_url(seat: Seat) -> str:
    organisation = seat.organisation
    return organisation.get_absolute_url() if organisation and organisation.is_provider else ""


def by_side(lines: list[MemberLine]) -> list[SideGroup]:
    """The members in groups: always the three sides of the triad, the public only when it is there."""
    groups = [
        SideGroup(side, str(side.label), [line for line in lines if line.side == side])
        for side in Side
    ]
    return [group for group in groups if group.side in TRIAD or group.members]


def missing_sides(groups: list[SideGroup]) -> list[str]:
    """Sentences naming the sides of the triad that have nobody with a vote."""
    sentences = {
        Side.USER: _t("A representative of users is missing."),
        Side.PROVIDER: _t("A representative of providers is missing."),
        Side.COMMISSIONER: _t("A representative of commissioners is missing."),
    }
    return [sentences[group.side] for group in groups if group.side in TRIAD and not group.count]


def resolutions_of(committee: Committee, user) -> QuerySet[Resolution]:
    """Resolutions of the committee that the user may read, newest first, with their papers."""
    return (
        Resolution.objects.visible_to(user)
        .filter(committee=committee)
        .select_related("file")
        .order_by("-adopted_on", "-pk")
    )


def rules_valid_on(committee: Committee, day: datetime.date) -> Rules | None:
    """The rules of procedure valid on ``day`` with the wording they stand in. One query."""
    return (
        committee.rules.filter(valid_from__lte=day)
        .select_related("document", "document_version__document")
        .order_by("-valid_from")
        .first()
    )


def working_under(committee: Committee, user, day: datetime.date) -> QuerySet[Committee]:
    """Committees that work under this one on ``day`` and the user may see."""
    return (
        Committee.objects.visible_to(user)
        .active_on(day)
        .filter(parent=committee)
        .order_by("position", "sort_key")
    )


def rules_standing_in(document: Document, user) -> list[Rules]:
    """For each committee the user may see, its newest rules that stand in the document. One query."""
    newest: dict[int, Rules] = {}
    for rules in (
        Rules.objects.filter(Q(document=document) | Q(document_version__document=document))
        .filter(committee__in=Committee.objects.visible_to(user))
        .select_related("committee", "document_version")
        .order_by("committee__position", "committee__sort_key", "-valid_from")
    ):
        newest.setdefault(rules.committee_id, rules)
    return list(newest.values())
