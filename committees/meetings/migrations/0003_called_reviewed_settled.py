"""Called, cancelled and settled things are dated; nothing is put on an agenda twice.

SQLite remakes meetings_meeting here and loses its triggers, which are made again.
"""

from importlib import import_module

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from kpss.triggers import VendorSQL

(kept,) = [
    operation
    for operation in import_module("committees.meetings.migrations.0002_history").Migration.operations
    if "meetings_meeting_kept" in operation.sqlite[0]
]

kept_again_on_sqlite = VendorSQL(
    sqlite=[
        *(
            statement.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS")
            for statement in kept.reverse_sqlite
        ),
        *kept.sqlite,
    ],
    reverse_sqlite=[],
    postgresql=[],
    reverse_postgresql=[],
)


class Migration(migrations.Migration):

    dependencies = [
        ('bodies', '0005_seats_and_rules_kept'),
        ('meetings', '0002_history'),
        ('store', '0003_rows_are_not_replaced'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='reviews_tasks',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='token',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='meeting',
            name='revised_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='meeting',
            name='untold_since',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='meetingtask',
            name='closed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='settled'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('pk')), _negated=True), _connector='OR'), name='meetings_item_not_under_itself', violation_error_message='Choose another item of the same agenda.'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(condition=models.Q(('reviews_tasks', True)), fields=('meeting',), name='meetings_item_one_review_of_tasks'),
        ),
        migrations.AddConstraint(
            model_name='agendapaper',
            constraint=models.UniqueConstraint(fields=('item', 'file'), name='meetings_paper_once', violation_error_message='This file is already among the papers of the item.'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'invited'), _negated=True), ('invited_at__isnull', False), _connector='OR'), name='meetings_meeting_called'),
        ),
        migrations.AddConstraint(
            model_name='meetingtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='meetings_task_settled_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(condition=models.Q(('person', None)), fields=('meeting', 'guest_name'), name='meetings_participant_guest_once', violation_error_message='This guest is already invited.'),
        ),
        kept_again_on_sqlite,
    ]
