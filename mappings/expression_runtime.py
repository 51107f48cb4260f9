"""How a compiled expression runs: Decimals are numbers, and the work of one evaluation is counted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Number
from time import thread_time
from typing import Any

from jmespath import functions, visitor
from jmespath.functions import signature

MAX_STEPS = 50_000
MAX_TEXT = 1_000_000
# The clock is looked at once in so many steps.
STEPS_A_LOOK = 128

NUMBERS = ("float", "int", "Decimal")


class TooMuchWork(Exception):
    """An expression passed its bound of steps, of size or of time."""


def evaluate(tree: dict[str, Any], data: Mapping[str, Any], until: float) -> Any:
    """Run the expression over the data within the bounds; raise TooMuchWork or jmespath's errors.

    `until` is a moment of the thread's own clock (time.thread_time), which stands still while other processes have the machine.
    """
    value = _Interpreter(until).visit(tree, data)
    if isinstance(value, (list, dict)):
        weigh(value)
    return value


def weigh(value: Any) -> None:
    """Refuse a value that has grown beyond the bound; shared parts count as often as they are met."""
    left, waiting = MAX_STEPS, [value]
    while waiting:
        current = waiting.pop()
        children = current.values() if isinstance(current, dict) else current if isinstance(current, list) else ()
        left -= len(children) + 1
        if left < 0:
            raise TooMuchWork
        waiting.extend(children)


def exact(value: Any) -> Any:
    """Make a float a Decimal by its shortest text, so that it can be counted with Decimals."""
    return Decimal(repr(value)) if isinstance(value, float) else value


class _Functions(functions.Functions):
    """JMESPath's own functions, with Decimal as a number."""

    def call_function(self, function_name: str, resolved_args: list[Any]) -> Any:
        for argument in resolved_args:
            if isinstance(argument, (list, dict)):
                weigh(argument)
        result = super().call_function(function_name, resolved_args)
        if isinstance(result, str) and len(result) > MAX_TEXT:
            raise TooMuchWork
        return result

    def _get_allowed_pytypes(self, types: list[str]) -> tuple[list[str], list[Any]]:
        allowed, subtypes = super()._get_allowed_pytypes(types)
        if "float" in allowed:
            allowed = [*allowed, "Decimal"]
        return allowed, [NUMBERS if "float" in subtype else subtype for subtype in subtypes]

    def _convert_to_jmespath_type(self, pyobject: str) -> str:
        return "number" if pyobject == "Decimal" else str(super()._convert_to_jmespath_type(pyobject))

    @signature({"types": []})
    def _func_to_number(self, arg: Any) -> Any:
        if isinstance(arg, Decimal):
            return arg
        return exact(super()._func_to_number(arg))

    @signature({"types": []})
    def _func_to_string(self, arg: Any) -> Any:
        return str(arg) if isinstance(arg, Decimal) else super()._func_to_string(arg)

    @signature({"types": []})
    def _func_type(self, arg: Any) -> Any:
        return "number" if isinstance(arg, Decimal) else super()._func_type(arg)

    @signature({"types": ["array-number"]})
    def _func_sum(self, arg: list[Any]) -> Any:
        return sum(exact(value) for value in arg)

    @signature({"types": ["array-number"]})
    def _func_avg(self, arg: list[Any]) -> Any:
        return sum(Decimal(exact(value)) for value in arg) / len(arg) if arg else None


_FUNCTIONS = _Functions()


class _Interpreter(visitor.TreeInterpreter):
    """JMESPath's interpreter with a count of steps; one instance per evaluation."""

    def __init__(self, until: float) -> None:
        super().__init__(visitor.Options(custom_functions=_FUNCTIONS))
        self._left, self._until, self._visits = MAX_STEPS, until, 0

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        value = super().visit(node, *args, **kwargs)
        self._left -= len(value) if isinstance(value, list) else 1
        self._visits += 1
        if self._left < 0 or (self._visits % STEPS_A_LOOK == 0 and thread_time() > self._until):
            raise TooMuchWork
        return value

    def visit_comparator(self, node: Any, value: Any) -> Any:
        left, right = (self.visit(child, value) for child in node["children"])
        for side in (left, right):
            if isinstance(side, (list, dict)):
                weigh(side)
        if node["value"] not in self._EQUALITY_OPS and not _are_comparable(left, right):
            return None
        return self.COMPARATOR_FUNC[node["value"]](left, right)


def _are_comparable(left: Any, right: Any) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        return isinstance(left, str) and isinstance(right, str)
    return all(isinstance(side, Number) and not isinstance(side, bool) for side in (left, right))
