"""What an algorithm of pymoo tried, in order; other scripts here import it."""

from pymoo.core.callback import Callback


class Tried(Callback):
    def __init__(self):
        super().__init__()
        self.losses = []

    def notify(self, algorithm):
        self.losses.extend(algorithm.off.get("F") if algorithm.off is not None else algorithm.pop.get("F"))
