"""Hypervolumes of Optuna's default with several objectives (TPE, each parameter alone): prints [[after each of TRIALS]
for each seed].

    python trade_offs.py PROBLEM SEEDS TRIALS...

The problems are those of benchmarks/evolution/trade-offs.ts.
"""

import json
import math
import sys
import warnings

import numpy as np
import optuna
from optuna._hypervolume import compute_hypervolume
from optuna.samplers import TPESampler

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def numbers(trial, count):
    return [trial.suggest_float(f"x{i}", 0, 1) for i in range(count)]


def zdt(front):
    def losses(trial):
        f, *rest = numbers(trial, 6)
        g = 1 + 9 * sum(rest) / len(rest)
        return f, g * front(f, g)

    return losses


def zdt4(trial):
    f, *rest = numbers(trial, 10)
    waves = sum((10 * x - 5) ** 2 - 10 * math.cos(4 * math.pi * (10 * x - 5)) for x in rest)
    g = 1 + 10 * len(rest) + waves
    return f, g * (1 - math.sqrt(f / g))


def dtlz2(trial):
    a, b, *rest = numbers(trial, 12)
    g = 1 + sum((x - 0.5) ** 2 for x in rest)
    s, t = a * math.pi / 2, b * math.pi / 2
    return g * math.cos(s) * math.cos(t), g * math.cos(s) * math.sin(t), g * math.sin(s)


def training(trial):
    lr = trial.suggest_float("lr", 1e-5, 1, log=True)
    units = trial.suggest_int("units", 8, 1024, log=True)
    layers = trial.suggest_int("layers", 1, 8)
    wrong = {"relu": 0.1, "gelu": 0, "tanh": 0.4, "elu": 0.2}
    act = trial.suggest_categorical("act", list(wrong))
    drop = trial.suggest_float("drop", 0, 0.9, step=0.1)
    decay = trial.suggest_float("decay", 1e-6, 1e-1, log=True)
    size = math.log2(units) * math.sqrt(layers)
    error = (math.log10(lr) + 2 + 0.2 * layers) ** 2 / 4 + wrong[act] + 2 * (drop - 0.03 * math.log2(units)) ** 2
    return error + (math.log10(decay) + 4) ** 2 / 20 + 4 / size, size / 4 * (1.2 if act == "gelu" else 1)


def branches(trial):
    solver = trial.suggest_categorical("solver", ["adam", "sgd", "lbfgs"])
    lr = trial.suggest_float("lr", 1e-5, 1, log=True)
    units = trial.suggest_int("units", 8, 512, log=True)
    own = (math.log10(lr) + 2) ** 2 + 8 / math.sqrt(units)
    cost = math.log2(units) / 10
    if solver == "lbfgs":
        return own + 1, cost
    if solver == "adam":
        return own + 0.4 + (trial.suggest_float("beta", 0, 1) - 0.5) ** 2, cost + 0.1
    momentum, damping = trial.suggest_float("momentum", 0, 1), trial.suggest_float("damping", 0, 1)
    return own + 2 * (momentum - 0.9) ** 2 + 2 * (damping - 0.1) ** 2, cost + 0.3


PROBLEMS = {
    "zdt1": (zdt(lambda f, g: 1 - math.sqrt(f / g)), [1.1, 8]),
    "zdt2": (zdt(lambda f, g: 1 - (f / g) ** 2), [1.1, 9]),
    "zdt3": (zdt(lambda f, g: 1 - math.sqrt(f / g) - f / g * math.sin(10 * math.pi * f)), [1.1, 8]),
    "zdt4": (zdt4, [1.1, 150]),
    "dtlz2": (dtlz2, [2, 2, 2]),
    "training": (training, [3, 8]),
    "branches": (branches, [4, 2]),
}


def study(losses, reference, seed, trials):
    found = optuna.create_study(directions=["minimize"] * len(reference), sampler=TPESampler(seed=seed))
    found.optimize(losses, n_trials=max(trials))
    # A point beyond the reference dominates nothing of it.
    values = np.minimum(np.array([trial.values for trial in found.trials]), np.array(reference, float))
    return [float(compute_hypervolume(values[:n], np.array(reference, float))) for n in trials]


if __name__ == "__main__":
    losses, reference = PROBLEMS[sys.argv[1]]
    seeds, trials = int(sys.argv[2]), [int(n) for n in sys.argv[3:]]
    print(json.dumps([study(losses, reference, seed, trials) for seed in range(seeds)]))
