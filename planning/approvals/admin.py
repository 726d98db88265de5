"""The approval route stands on the plan; what happened is shown and never set here."""

from django.contrib import admin

from planning.plans.admin import PlanAdmin

from .models import RouteStep


class RouteStepInline(admin.TabularInline):
    model = RouteStep
    extra = 0
    autocomplete_fields = ["committee"]


PlanAdmin.inlines = [*PlanAdmin.inlines, RouteStepInline]
