"""The invented directory of the demonstration district, made by the same services as the real one."""

from .seeding import seed

__all__ = ["seed"]
