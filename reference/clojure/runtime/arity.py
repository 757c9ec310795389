"""Functions that take as many arguments as the guest may pass, whatever their optional ones are."""

# ruff: noqa: PLW0108  # each lambda fixes how many
from __future__ import annotations

from typing import Callable, TypeVar

Argument = TypeVar("Argument")
Second = TypeVar("Second")
Third = TypeVar("Third")
Result = TypeVar("Result")


def of_one(function: Callable[[Argument], Result]) -> Callable[[Argument], Result]:
    """`function` of one argument."""
    return lambda one: function(one)


def of_two(function: Callable[[Argument, Second], Result]) -> Callable[[Argument, Second], Result]:
    """`function` of two arguments."""
    return lambda one, two: function(one, two)


def of_three(
    function: Callable[[Argument, Second, Third], Result],
) -> Callable[[Argument, Second, Third], Result]:
    """`function` of three arguments."""
    return lambda one, two, three: function(one, two, three)
