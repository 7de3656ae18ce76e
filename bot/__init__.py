"""Liaison: an end-to-end encrypted Matrix bot between an international criminal justice mechanism and civil society."""

__version__ = "0.1.0"
