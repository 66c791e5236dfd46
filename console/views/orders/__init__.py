"""工单池: the work orders one may see, by counters and filters, with the case beside the list."""

from console.views.orders.page import OrdersPage

__all__ = ["OrdersPage"]
