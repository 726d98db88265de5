"""Plans: read by the public, written in the editor, exchanged with Excel."""

from .urls_editor import urlpatterns as editor
from .urls_exchange import urlpatterns as exchange
from .urls_public import urlpatterns as public

app_name = "plans"

urlpatterns = [*editor, *exchange, *public]
