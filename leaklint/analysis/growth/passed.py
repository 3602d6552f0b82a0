"""Containers that callers pass: what changes them changes the container of the caller."""

from __future__ import annotations

from leaklint.analysis.growth.changes import Changes, Growth, Removal
from leaklint.analysis.growth.containers import Containers
from leaklint.analysis.linking.calls import CallGraph
from leaklint.analysis.linking.places import Parameter, Place, Places, Result
from leaklint.analysis.linking.program import Func
from leaklint.analysis.linking.uses import Use
from leaklint.analysis.linking.walk import argument_of


def lifted(changes: Changes, graph: CallGraph, places: Places, containers: Containers) -> Changes:
    """Changes of a container that a caller passes become changes of the caller's container, one call up."""
    growths: list[Growth] = []
    for growth in changes.growths:
        if isinstance(growth.place.root, Parameter):
            captured = growth.place.root.func is not growth.func
            for place, uses in passed_for(growth.place, growth.place.root, graph, places).items():
                shape = containers.shape(place) or growth.shape
                growths.append(growth._replace(place=place, shape=shape, passed=() if captured else tuple(uses)))
        else:
            growths.append(growth)
    removals: dict[Place, list[Removal]] = {}
    for place, found in changes.removals.items():
        lifted = list(passed_for(place, place.root, graph, places)) if isinstance(place.root, Parameter) else [place]
        for target in lifted:
            removals.setdefault(target, []).extend(r._replace(place=target) for r in found)
    return Changes(growths, removals)


def passed_for(
    place: Place, root: Parameter, graph: CallGraph, places: Places, depth: int = 0
) -> dict[Place, list[tuple[Func, Use]]]:
    """What the callers pass for the parameter, as places that outlive nothing of unknown callers, and which uses pass it.

    A function inside the one whose parameter it passes on runs whenever it is called: its use counts, not those around.
    """
    found: dict[Place, list[tuple[Func, Use]]] = {}
    name = root.func.facts.params[root.number].name
    for use in graph.uses(root.func):
        arg = argument_of(use.passes, root.number, name) if use.passes is not None else None
        whole = places.below(use.caller, arg, place.path) if arg is not None else None
        if whole is None or isinstance(whole.root, Result):
            continue
        if not isinstance(whole.root, Parameter):
            found.setdefault(whole, []).append((root.func, use))
        elif depth < 3:
            for further, uses in passed_for(whole, whole.root, graph, places, depth + 1).items():
                found.setdefault(further, []).extend(uses if use.caller is whole.root.func else [(root.func, use)])
    return found
