"""档案: residents, homes, firms and those who look after them."""

from console.views.registers.page import RegistersPage

__all__ = ["RegistersPage"]
