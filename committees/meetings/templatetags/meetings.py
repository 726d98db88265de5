"""Meetings in words, for templates of every room."""

from django import template

from committees.meetings import wording

register = template.Library()

register.filter("heading", wording.heading)
register.filter("weekday_and_date", wording.weekday_and_date)
register.filter("hours", wording.hours)
register.filter("where", wording.where)
register.filter("answer_in_words", wording.answer_in_words)
