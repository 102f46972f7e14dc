"""The installation's configuration: one TOML file, the environment over it, secrets from files of their own."""

from commands.configuration.loading import Configuration, Origin, find_file, load
from commands.configuration.settings import SECTIONS, Key, key_of

__all__ = ["SECTIONS", "Configuration", "Key", "Origin", "find_file", "key_of", "load"]
