"""Bayesian linear regression, one example at a time: a prior that stays, data that fades, outliers that count
less. In information form, so that forgetting never touches the prior."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
TAIL = 4.0  # degrees of freedom of the noise: what lies far out is taken for an accident


class Regression:
    """y ≈ x·w. `prior`: (mean, standard deviation) of each weight; `noise`: standard deviation of y about
    x·w; `memory`: after so many examples an old one counts a third."""

    def __init__(self, prior: list[tuple[float, float]], noise: float, memory: float = 3_000.0) -> None:
        self._noise, self._keep = noise, 1 - 1 / memory
        self._prior = np.array([1 / sd**2 for _, sd in prior]) * noise**2
        self._prior_b = self._prior * np.array([mean for mean, _ in prior])
        size = len(prior)
        self._a: NDArray[np.float64] = np.zeros((size, size))
        self._b: Vector = np.zeros(size)
        self._weights: Vector | None = None
        self._spread: NDArray[np.float64] = np.zeros((size, size))

    @property
    def weights(self) -> Vector:
        """The most likely weights by now."""
        if self._weights is None:
            a = self._a + np.diag(self._prior)
            self._spread = np.linalg.inv(a)
            self._weights = self._spread @ (self._b + self._prior_b)
        return self._weights

    def mean(self, x: Vector) -> float:
        return float(x @ self.weights)

    def doubt(self, x: Vector) -> float:
        """Variance of the mean at x: large where nothing like x was seen."""
        _ = self.weights  # makes the spread when something was learned
        return float(x @ self._spread @ x) * self._noise**2

    def learn(self, x: Vector, y: float, weight: float = 1.0) -> None:
        """Takes in one example."""
        off = (y - self.mean(x)) / self._noise
        weight *= (TAIL + 1) / (TAIL + off * off)
        self._a = self._a * self._keep + weight * np.outer(x, x)
        self._b = self._b * self._keep + weight * y * x
        self._weights = None

    def state(self) -> dict[str, Any]:
        """Plain lists, to be kept."""
        return {"a": self._a.tolist(), "b": self._b.tolist()}

    def restore(self, state: dict[str, Any]) -> None:
        """Takes a kept state back; one of another shape (an older version) is left."""
        a, b = np.array(state["a"], dtype=np.float64), np.array(state["b"], dtype=np.float64)
        if a.shape == self._a.shape and b.shape == self._b.shape:
            self._a, self._b, self._weights = a, b, None
