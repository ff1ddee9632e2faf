"""Best losses of CatCMAwM of the package `cmaes`: prints {"best": [after each of TRIALS]} for one study.

    python evolution.py PROBLEM SEED TRIALS...

The problems are those of benchmarks/evolution/problems.ts.
"""

import json
import math
import sys
import warnings

warnings.filterwarnings("ignore")


def shift(i):
    return 2 * math.sin(i + 1)


def wanted(i):
    # As JavaScript rounds: halves up.
    return math.floor(6 * math.sin(3 * i + 2) + 0.5)


def moved(x):
    return [value - shift(i) for i, value in enumerate(x)]


def apart(z):
    return [value - wanted(i) for i, value in enumerate(z)]


def wrong(c):
    return sum(k != (i * 2 + 1) % 5 for i, k in enumerate(c))


def spread(terms):
    last = max(1, len(terms) - 1)
    return sum(10 ** (4 * i / last) * y * y for i, y in enumerate(terms))


def squares(terms):
    return sum(y * y for y in terms)


def rosenbrock(y):
    at = [value + 1 for value in y]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(at, at[1:]))


def waves(terms):
    return sum(y * y - 10 * math.cos(2 * math.pi * y) + 10 for y in terms)


PROBLEMS = {
    "sphere": (10, 0, 0, lambda x, z, c: squares(moved(x))),
    "rosenbrock": (10, 0, 0, lambda x, z, c: rosenbrock(moved(x))),
    "ellipsoid": (20, 0, 0, lambda x, z, c: spread(moved(x))),
    "rastrigin": (5, 0, 0, lambda x, z, c: waves(moved(x))),
    "corner": (10, 0, 0, lambda x, z, c: sum(value + 5 for value in x)),
    "ints and floats": (5, 5, 0, lambda x, z, c: spread(moved(x) + apart(z))),
    "every kind": (4, 4, 4, lambda x, z, c: squares(moved(x) + apart(z)) + 5 * wrong(c)),
    "rosenbrock and choices": (5, 0, 5, lambda x, z, c: rosenbrock(moved(x)) + 10 * wrong(c)),
    "choices": (0, 0, 15, lambda x, z, c: wrong(c)),
}


def study(problem, seed, trials):
    from cmaes import CatCMAwM

    nx, nz, nc, loss = PROBLEMS[problem]
    given = {}
    if nx:
        given["x_space"] = [[-5, 5]] * nx
    if nz:
        given["z_space"] = [list(range(-10, 11))] * nz
    if nc:
        given["c_space"] = [5] * nc
    make = lambda number: CatCMAwM(**given, seed=seed + 1000 * number)
    optimizer, restarts = make(0), 0
    best, bests, done = math.inf, [], 0
    while True:
        solutions = []
        for _ in range(optimizer.population_size):
            solution = optimizer.ask()
            x = list(solution.x) if nx else []
            z = list(solution.z) if nz else []
            c = [int(row.argmax()) for row in solution.c] if nc else []
            value = loss(x, z, c)
            solutions.append((solution, value))
            best = min(best, value)
            done += 1
            if done in trials:
                bests.append(best)
            if len(bests) == len(trials):
                return bests
        optimizer.tell(solutions)
        # From the beginning again, as its documentation shows for CMA.
        if (nx or nz) and optimizer.should_stop():
            restarts += 1
            optimizer = make(restarts)


if __name__ == "__main__":
    problem, seeds = sys.argv[1], int(sys.argv[2])
    trials = [int(n) for n in sys.argv[3:]]
    print(json.dumps([study(problem, seed, trials) for seed in range(seeds)]))
