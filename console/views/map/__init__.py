"""The city as a map: areas, the day's work orders, a point to pick. Drawn here, without a network."""

from console.views.map.map_dialog import MapDialog
from console.views.map.map_opener import open_map
from console.views.map.map_panel import MapPanel

__all__ = ["MapDialog", "MapPanel", "open_map"]
