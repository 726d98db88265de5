"""Codes such as 1.1.2: proposed once, never handed out twice, stable when things move."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _t

from planning.plans.models import PlanNode, PlanVersion, Task


def propose_code(version: PlanVersion, parent: PlanNode | None) -> str:
    """The parent's code and the next number that nothing has ever had there.

    Looks at nodes and tasks in every version of this plan, of the plan it stands under and of the
    plans under it, so that a code does not come to mean two things. Causes two queries.
    """
    plan = version.plan
    family = Q(version__plan=plan) | Q(version__plan__parent=plan)
    if plan.parent_id:
        family |= Q(version__plan=plan.parent_id)
    prefix = f"{parent.code}." if parent else ""
    used = 0
    for model in (PlanNode, Task):
        codes = model.objects.filter(family, code__startswith=prefix).values_list("code", flat=True)
        for code in codes:
            number = code.removeprefix(prefix).partition(".")[0]
            if number.isascii() and number.isdigit():
                used = max(used, int(number))
    return f"{prefix}{used + 1}"


def refuse_taken_code(item: PlanNode | Task) -> None:
    """Raise ValidationError at the field when another thing of the same kind has the code."""
    taken = type(item).objects.filter(version=item.version_id, code=item.code).exclude(pk=item.pk)
    if taken.exists():
        raise ValidationError({"code": _t("This code is already used in this version.")})
