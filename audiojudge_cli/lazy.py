"""Attributes computed when first asked for, without the lock that `functools.cached_property` holds before Python 3.12.

That lock belongs to the class: while one thread computed an attribute of one object, every other thread waited with the
same attribute of another object, and clips that were to be judged side by side were judged in turns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class Lazy(Generic[Value]):
    """Descriptor behind `lazy`: stores what it computed on the object, under its own name, and is not asked again."""

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make = make
        self._name = getattr(make, "__name__", "")
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Value:
        if instance is None:
            return self
        value = self._make(instance)
        instance.__dict__[self._name] = value
        return value


def lazy(make: Callable[[Any], Value]) -> Lazy[Value]:
    """Return an attribute that `make` computes once per object, or twice when two threads ask at the same time."""
    return Lazy(make)
