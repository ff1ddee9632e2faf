"""Shares of the box below 1.1 that pymoo's NSGA-III dominates on DTLZ2: prints [[after each of TRIALS] for each seed].

    python many_losses.py OBJECTIVES SEEDS POPULATION TRIALS...

Problem, points and count are those of benchmarks/evolution/many-losses.ts.
"""

import json
import sys
from math import comb

import numpy as np
from pymoo.algorithms.moo.nsga3 import NSGA3
from pymoo.optimize import minimize
from pymoo.problems import get_problem
from pymoo.util.ref_dirs import get_reference_directions
from tried import Tried

POINTS = 20_000
EDGE = 1.1
PRIMES = [2, 3, 5, 7, 11, 13, 17, 19]
LEADING = 10


def radical_inverse(i, base):
    value, share = 0.0, 1.0
    while i > 0:
        share /= base
        value += share * (i % base)
        i //= base
    return value


def directions_for(objectives, size):
    """As many as the population has room for."""
    parts = 1
    while comb(objectives + parts, objectives - 1) <= size:
        parts += 1
    return get_reference_directions("das-dennis", objectives, n_partitions=parts)


def study(objectives, seed, population, trials):
    problem = get_problem("dtlz2", n_var=objectives - 1 + LEADING, n_obj=objectives)
    tried = Tried()
    algorithm = NSGA3(ref_dirs=directions_for(objectives, population), pop_size=population)
    minimize(problem, algorithm, ("n_eval", max(trials)), seed=seed, callback=tried)
    bases = PRIMES[:objectives]
    points = np.array([[EDGE * radical_inverse(i + 1, base) for base in bases] for i in range(POINTS)])
    dominated = np.zeros(POINTS, bool)
    shares = []
    for n, losses in enumerate(tried.losses[: max(trials)], start=1):
        dominated |= (losses <= points).all(axis=1)
        if n in trials:
            shares.append(float(dominated.mean()))
    return shares


if __name__ == "__main__":
    objectives, seeds, population = (int(given) for given in sys.argv[1:4])
    trials = [int(n) for n in sys.argv[4:]]
    print(json.dumps([study(objectives, seed, population, trials) for seed in range(1, seeds + 1)]))
