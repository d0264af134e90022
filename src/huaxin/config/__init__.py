"""The settings of a Huaxin server: one table, read from every source, checked at start."""

from huaxin.config.load import Loaded, add_flags, load_config, prepare_data
from huaxin.config.table import SETTINGS, Config, ConfigError, Problem

__all__ = [
    "SETTINGS",
    "Config",
    "ConfigError",
    "Loaded",
    "Problem",
    "add_flags",
    "load_config",
    "prepare_data",
]
