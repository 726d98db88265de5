"""Plans: read by the public, written in the editor, exchanged with Excel."""

from .urls_editor import urlpatterns as editor
from .urls_exchange import urlpatterns as exchange
from .urls_public import urlpatterns as public
from .urls_snapshots import urlpatterns as snapshots

app_name = "plans"

urlpatterns = [*editor, *exchange, *snapshots, *public]
