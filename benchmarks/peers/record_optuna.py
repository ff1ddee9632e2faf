"""Records Optuna's default sampler on benchmarks/sampler-quality's problems: one JSON line for each run,
{"version", "task", "seed", "workers", "best"}: the least value of the first trials to end, at each checkpoint. Goes on
where FILE ends.

    python record_optuna.py tasks recorded/optuna-5.0.0-tasks-32.jsonl --workers 32 --seeds 0-4
    python record_optuna.py functions recorded/optuna-5.0.0-functions.jsonl --seeds 0-49

FLEETUNE_BENCH_DATA is the folder of the tasks.

Workers are simulated: each takes the recorded seconds of its trial, and asks for the next one when it ends.
"""

import argparse
import heapq
import json
import math
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["OMP_NUM_THREADS"] = "1"
parser = argparse.ArgumentParser()
parser.add_argument("problems", choices=["tasks", "functions"])
parser.add_argument("file")
parser.add_argument("--workers", type=int, default=1)
parser.add_argument("--seeds", default="0-9")
given = parser.parse_args()
first, _, last = given.seeds.partition("-")
seeds = range(int(first), int(last or first) + 1)

import optuna  # noqa: E402

optuna.logging.set_verbosity(optuna.logging.ERROR)


class Task:
    """One of the ranked tasks; its readers are in the folder of the data."""

    checkpoints = [25, 50, 100, 200]

    def __init__(self, name):
        self.task = loaders.load(name)

    def suggest(self, trial):
        params = {}
        for p in self.task.params:
            name = p["name"]
            if not all(parent in params and params[parent] in values for parent, values in p.get("conditions", [])):
                continue
            if p["type"] == "cat":
                params[name] = trial.suggest_categorical(name, p["choices"])
            elif p["type"] == "ordinal":
                params[name] = p["values"][trial.suggest_int(name, 0, len(p["values"]) - 1)]
            else:
                suggest = trial.suggest_int if p["type"] == "int" else trial.suggest_float
                params[name] = suggest(name, p["low"], p["high"], log=p["log"])
        return params

    def evaluate(self, params):
        return self.task.evaluate(params)


class Function:
    """One of the functions of benchmarks/sampler-quality/functions.ts."""

    checkpoints = [100]

    def __init__(self, name):
        self.dimensions, self.kinds, self.value = functions[name]

    def suggest(self, trial):
        return [suggest(trial, f"x{i}", self.kinds[i % len(self.kinds)]) for i in range(self.dimensions)]

    def evaluate(self, values):
        return self.value(values), 1.0


def suggest(trial, name, kind):
    """A value about [-1, 1]; of choices, the choice."""
    if kind == "float":
        return trial.suggest_float(name, -1.0, 1.0)
    if kind == "log":
        return math.log10(trial.suggest_float(name, 1e-4, 1.0, log=True)) / 2 + 1
    if kind == "int":
        return trial.suggest_int(name, -10, 10) / 10
    if kind == "log int":
        return math.log2(trial.suggest_int(name, 1, 1024, log=True)) / 5 - 1
    return float(trial.suggest_categorical(name, list(range(int(kind)))))


def squares(x):
    return sum((v - 0.3) ** 2 for v in x)


def rastrigin(x):
    return sum((3 * v - 0.6) ** 2 + 3 * (1 - math.cos(2 * math.pi * (3 * v - 0.6))) for v in x)


def rosenbrock(x):
    return sum(100 * (2 * b - (2 * a) ** 2) ** 2 + (1 - 2 * a) ** 2 for a, b in zip(x, x[1:]))


def choices(x):
    """Each choice has a value of its own; neighbours that agree add to it."""
    return sum((v * 7 + i * 3) % 5 for i, v in enumerate(x)) - 2 * sum(a == b for a, b in zip(x, x[1:]))


functions = {
    "sphere": (5, ["float"], squares),
    "ellipsoid": (6, ["float"], lambda x: sum(100 ** (i / 5) * (v - 0.3) ** 2 for i, v in enumerate(x))),
    "rosenbrock": (4, ["float"], rosenbrock),
    "rastrigin": (5, ["float"], rastrigin),
    "sphere 20-D": (20, ["float"], squares),
    "absolute": (10, ["float"], lambda x: sum(abs(v + 0.5) for v in x)),
    "logarithmic": (4, ["log"], squares),
    "steps": (6, ["int"], squares),
    "choices": (6, ["4"], choices),
    "mixed": (8, ["float", "log", "log int", "3"], lambda x: squares([v if i % 4 < 3 else v - 1 for i, v in enumerate(x)])),
}


def run(problem, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    trials, running, values, now = problem.checkpoints[-1], [], [], 0.0
    for number in range(trials + given.workers):
        if number >= given.workers:
            now, _, trial, value = heapq.heappop(running)
            values.append(value)
            study.tell(trial, value)
        if number < trials:
            trial = study.ask()
            value, seconds = problem.evaluate(problem.suggest(trial))
            heapq.heappush(running, (now + seconds, number, trial, value))
    return values


if given.problems == "tasks":
    data = os.environ["FLEETUNE_BENCH_DATA"]
    os.environ["BENCHDATA"] = data
    sys.path.insert(0, data)
    import loaders

    suites = json.load(open(f"{data}/suites.json"))["tasks"]
    shown = ("gc_xgboost", "gc_deepar", "taskset")
    names = [f"{s.removeprefix('yahpo/')}/{task}" for s, tasks in suites.items() if s not in shown for task in tasks]
    make = Task
else:
    names, make = list(functions), Function

done = set()
if os.path.exists(given.file):
    with open(given.file) as file:
        done = {(r["task"], r["seed"]) for r in map(json.loads, file)}
problems = {name: make(name) for name in names}
for seed in seeds:
    for name in names:
        if (name, seed) in done:
            continue
        values = run(problems[name], seed)
        best = [float(f"{min(values[:n]):.6g}") for n in problems[name].checkpoints]
        line = {"version": optuna.__version__, "task": name, "seed": seed, "workers": given.workers, "best": best}
        with open(given.file, "a") as file:
            file.write(json.dumps(line) + "\n")
