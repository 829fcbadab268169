"""What is asked of every peer."""
from dataclasses import dataclass


@dataclass
class Task:
    """`plots` is how many of the case's are asked for; `parameter` metres, or None."""

    case: str
    about: dict
    workload: str
    parameter: float | None
    plots: int

    @property
    def request(self):
        return self.workload if self.parameter is None else f"{self.workload} {self.parameter}"

    @property
    def name(self):
        return self.workload if self.parameter is None else f"{self.workload} {self.parameter:g} m"

    def with_parameter(self, parameter):
        return f"{self.workload} {parameter}"
