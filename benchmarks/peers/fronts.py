"""Hypervolumes of pymoo's NSGA-II: prints [[after each of TRIALS] for each seed].

    python fronts.py PROBLEM SEEDS POPULATION TRIALS...

The problems are those of benchmarks/evolution/fronts.ts. What counts is the front of everything tried so far.
"""

import json
import sys

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.indicators.hv import HV
from pymoo.optimize import minimize
from pymoo.problems import get_problem
from tried import Tried

REFERENCES = {"zdt4": [1.1, 20.0], "dtlz2": [1.1, 1.1, 1.1]}


def study(name, seed, population, trials):
    problem = get_problem(name, n_var=12, n_obj=3) if name == "dtlz2" else get_problem(name)
    tried = Tried()
    algorithm = NSGA2(pop_size=population)
    minimize(problem, algorithm, ("n_eval", max(trials)), seed=seed, callback=tried)
    volume = HV(ref_point=np.array(REFERENCES.get(name, [1.1, 1.1])))
    return [float(volume(np.array(tried.losses[:n]))) for n in trials]


if __name__ == "__main__":
    name, seeds, population = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    trials = [int(n) for n in sys.argv[4:]]
    print(json.dumps([study(name, seed, population, trials) for seed in range(1, seeds + 1)]))
