"""派单台: who gets it, and whether the reply is good enough."""

from console.views.dispatch.dispatch_page import DispatchPage

__all__ = ["DispatchPage"]
