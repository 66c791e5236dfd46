"""回访: the call to the citizen, and closing or redoing."""

from console.views.callback.callback_page import CallbackPage

__all__ = ["CallbackPage"]
