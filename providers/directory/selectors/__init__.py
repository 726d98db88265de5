"""What the pages of the catalogue read."""

from .catalogue import (
    CatalogueLists,
    Counts,
    catalogue_lists,
    kinds_named,
    municipalities,
    suggestion,
    with_counts,
)
from .lines import ServiceLine, service_lines, services_for_lines
from .organisations import organisation_page, organisations_for_list
from .services import ServicePage, service_page
from .situations import (
    crisis_lines,
    lines_to_talk,
    services_for_situation,
    situation_page,
    situations_for_home,
    situations_for_list,
)

__all__ = [
    "CatalogueLists",
    "Counts",
    "ServiceLine",
    "ServicePage",
    "catalogue_lists",
    "crisis_lines",
    "kinds_named",
    "lines_to_talk",
    "municipalities",
    "organisation_page",
    "organisations_for_list",
    "service_lines",
    "service_page",
    "services_for_lines",
    "services_for_situation",
    "situation_page",
    "situations_for_home",
    "situations_for_list",
    "suggestion",
    "with_counts",
]
