"""A shop's month in virtual time, without sockets and browsers: the same month for the same seed.

`Month` plays it and yields what happened; the roads, riders, doors and weather behind it (`hidden`) are
known to nobody who plans or predicts. The real Tracker plans and predicts, the real rules of orders decide.
"""

from huaxin.simulation.month.month import Happening, Month, Watcher
from huaxin.simulation.month.setting import Setting
from huaxin.simulation.month.town import Town

__all__ = ["Happening", "Month", "Setting", "Town", "Watcher"]
