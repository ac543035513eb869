"""State tables: which step leads from which state to which; anything else is refused."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from models.codes import Code

State = TypeVar("State", bound=Code)


class Machine(Generic[State]):
    """Named steps between the states of a record."""

    def __init__(self, steps: Mapping[str, Mapping[State, State]]) -> None:
        self.steps = {name: dict(moves) for name, moves in steps.items()}

    @property
    def states(self) -> type[State]:
        """The enum whose members these states are."""
        return next(type(state) for moves in self.steps.values() for state in moves)

    def after(self, step: str, state: State) -> State | None:
        """The state a step leads to, or None when it does not start there."""
        return self.steps[step].get(state)

    def open_to(self, step: str) -> frozenset[State]:
        """The states a step may start from."""
        return frozenset(self.steps[step])
