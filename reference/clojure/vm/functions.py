"""Guest functions as host functions: arities merged into one, factories where a loop binds locals anew."""

from __future__ import annotations

import ast
from functools import partial
from typing import Any, Callable

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.vm.builder import Builder
from lockstep.reference.clojure.vm.constants import Constants
from lockstep.reference.clojure.vm.destinations import RETURN, Destination, host_name
from lockstep.reference.clojure.vm.inference import Types
from lockstep.reference.host.generation.closures import made_in_factory

Node = nodes.Node


class Functions:
    """The part of the compiler that makes functions; the rest is `FunctionCompiler`."""

    def __init__(
        self,
        builder: Builder,
        constants: Constants,
        names: dict[int, str],
        counter: list[int],
        metered: bool,
        types: Types,
    ) -> None:
        self.builder = builder
        self.constants = constants
        self.metered = metered
        self.names = names
        self.counter = counter
        self.types = types
        self.block: list[ast.stmt] = []
        # Locals that a loop around the current point may bind anew.
        self.changing: set[int] = set()
        self.in_loop = False

    # What FunctionCompiler brings.
    temporary: Callable[[], str]
    name_of: Callable[[nodes.Binding], str]
    position: Callable[[Node], None]
    within: Callable[[Callable[[], Any]], tuple[list[ast.stmt], Any]]
    emit: Callable[[Node, Destination], None]
    expression: Callable[[Node], ast.expr]
    step: Callable[[], None]

    def function(self, node: nodes.Fn) -> ast.expr:
        """`fn*`: a host function, made by a factory where it closes over locals that a loop binds anew."""
        name = self.function_name(node)
        captured = [binding for binding in node.captured if binding.number in self.changing]
        if not captured and not (self.in_loop and node.own is not None):
            self.block.append(self.definition(node, name))
        else:
            names = [self.name_of(binding) for binding in captured]
            factory = self.temporary()
            made = made_in_factory(self.builder, factory, names, [self.definition(node, name)])
            self.block += made[0], self.builder.assigning(name, made[1])
        result = self.builder.name(name)
        if node.metadata is not None:
            return self.builder.runtime("with_meta", result, self.expression(node.metadata))
        return result

    def function_name(self, node: nodes.Fn) -> str:
        """The host name of a function: the guest's name and a number."""
        self.counter[0] += 1
        name = f"{node.name.replace('~', '~~')}~{self.counter[0]}"
        if node.own is not None:
            self.names[node.own.number] = name
        return name

    def definition(self, node: nodes.Fn, name: str) -> ast.FunctionDef:
        """The host `def` of a function."""
        inner = type(self)(
            self.builder, self.constants, dict(self.names), self.counter, self.metered, self.types
        )
        parameters, defaults, rest = inner.signature(node)
        self.position(node)
        if self.metered:
            inner.step()
        if len(node.arities) == 1:
            inner.arity(node.arities[0])
        else:
            inner.dispatch(node)
        self.position(node)
        return self.builder.defining(name, parameters, inner.block, defaults=defaults, rest=rest)

    def signature(self, node: nodes.Fn) -> tuple[list[str], list[ast.expr], str | None]:
        """Parameters, defaults and rest parameter; the index after the colon tells how many were given."""
        if len(node.arities) == 1:
            arity = node.arities[0]
            for index, binding in enumerate(arity.parameters):
                self.names[binding.number] = f"{host_name(binding)}:{index}"
            parameters = [self.name_of(binding) for binding in arity.parameters]
            return parameters, [], self.name_of(arity.rest) if arity.rest is not None else None
        counts = [len(arity.parameters) for arity in node.arities]
        parameters = [f"~p:{index}" for index in range(max(counts))]
        defaults = [self.builder.name("%missing") for _ in range(max(counts) - min(counts))]
        return parameters, defaults, "~rest" if node.arities[-1].rest is not None else None

    def dispatch(self, node: nodes.Fn) -> None:
        """Choose the arity by the first parameter that is missing."""
        builder = self.builder
        arities = {len(arity.parameters): arity for arity in node.arities if arity.rest is None}
        last = node.arities[-1]
        highest = len(last.parameters)
        for count in range(min(len(arity.parameters) for arity in node.arities), highest):
            missing = builder.compare(builder.name(f"~p:{count}"), ast.Is(), builder.name("%missing"))
            arity = arities.get(count)
            if arity is None:
                fault = builder.runtime("arity_fault", builder.constant(count), builder.constant(node.name))
                body: list[ast.stmt] = [builder.placed(ast.Raise(fault, None))]
            else:
                body = self.within(partial(self.merged_arity, arity))[0]
            self.block.append(builder.branching(missing, body, []))
        if last.rest is not None and highest in arities:
            test = builder.negation(builder.name("~rest"))
            body = self.within(lambda: self.merged_arity(arities[highest]))[0]
            self.block.append(builder.branching(test, body, []))
        self.merged_arity(last)

    def merged_arity(self, arity: nodes.Arity) -> None:
        """An arity among others: its parameters are taken from the common ones."""
        for index, binding in enumerate(arity.parameters):
            self.block.append(self.builder.assigning(host_name(binding), self.builder.name(f"~p:{index}")))
        if arity.rest is not None:
            self.block.append(self.builder.assigning(host_name(arity.rest), self.builder.name("~rest")))
        self.changing = set()
        self.in_loop = False
        self.arity(arity)

    def arity(self, arity: nodes.Arity) -> None:
        """The body of an arity; a `recur` to it is a loop."""
        builder = self.builder
        if arity.rest is not None:
            name = self.name_of(arity.rest)
            self.block.append(builder.assigning(name, builder.runtime("rest_seq", builder.name(name))))
        if not arity.target.recurs:
            self.emit(arity.body, RETURN)
            return
        self.in_loop = True
        self.changing.update(binding.number for binding in arity.target.bindings)
        body = self.within(lambda: self.loop_body(arity.body, RETURN))[0]
        self.block.append(builder.looping(body))

    def loop_body(self, body: Node, destination: Destination) -> None:
        """A loop's body, with its step."""
        if self.metered:
            self.step()
        self.emit(body, destination)

    def emit_letfn(self, node: nodes.Letfn, destination: Destination) -> None:
        """`letfn*`: host functions that close over each other."""
        builder = self.builder
        for binding, function in node.bindings:
            self.names[binding.number] = self.function_name(function)
        own = {binding.number for binding, _ in node.bindings}
        captured: list[nodes.Binding] = []
        for _, function in node.bindings:
            for binding in function.captured:
                if binding.number in self.changing and binding.number not in own and binding not in captured:
                    captured.append(binding)
        definitions = [
            self.definition(function, self.names[binding.number]) for binding, function in node.bindings
        ]
        if not self.in_loop:
            self.block.extend(definitions)
        else:
            # In a loop each round needs functions of its own: the host would share the cells.
            names = [self.names[binding.number] for binding, _ in node.bindings]
            taken = [self.name_of(binding) for binding in captured]
            factory = self.temporary()
            definition, made = made_in_factory(builder, factory, taken, definitions)
            single = len(names) == 1
            bound = builder.assigning(names[0], made) if single else builder.unpacking(names, made)
            self.block += definition, bound
            self.changing.update(own)
        self.emit(node.body, destination)
