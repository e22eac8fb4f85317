"""A region to try everything in, made through the program's own services."""

from stins.services.demo.region import Account, Demo, build

__all__ = ["Account", "Demo", "build"]
