"""The approval route stands on the plan; what happened is shown and never set here."""

from django.contrib import admin

from planning.plans.admin import PlanAdmin

from .models import RouteStep


class RouteStepInline(admin.TabularInline):
    """Which committee does what with the plan, in which order."""

    model = RouteStep

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj and obj.route.exists() else 3


PlanAdmin.inlines = [*PlanAdmin.inlines, RouteStepInline]
