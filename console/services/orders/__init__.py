"""工单池: every work order in the operator's scope, one case in full, and who may see whom."""

from console.services.orders.desk import Orders

__all__ = ["Orders"]
