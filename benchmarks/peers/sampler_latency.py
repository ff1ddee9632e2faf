"""Ask and tell in memory, of one peer: prints {"seconds", "asks"} for one study.

    python sampler_latency.py optuna|rustuna float|mixed|conditional DIMENSIONS TRIALS

The spaces and the objective are those of benchmarks/sampler-study.ts. Only the sampler's own calls are timed.
"""

import importlib
import json
import math
import sys
import time
import warnings

warnings.filterwarnings("ignore")
peer, space, dimensions, trials = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
library = importlib.import_module(peer)
if hasattr(library, "logging"):
    library.logging.set_verbosity(library.logging.ERROR)
study = library.create_study(sampler=library.samplers.TPESampler(seed=0))

kinds = ["float", "log float", "int", "choice of 3", "choice of 6"]


def suggest(trial, name, kind):
    """The value on [0, 1]."""
    if kind == "float":
        return trial.suggest_float(name, 0.0, 1.0)
    if kind == "log float":
        return (math.log10(trial.suggest_float(name, 1e-5, 1.0, log=True)) + 5) / 5
    if kind == "int":
        return trial.suggest_int(name, 0, 20) / 20
    count = 3 if kind == "choice of 3" else 6
    return trial.suggest_categorical(name, list(range(count))) / (count - 1)


def suggest_all(trial):
    if space != "conditional":
        of = kinds if space == "mixed" else ["float"]
        return [suggest(trial, f"x{i}", of[i % len(of)]) for i in range(dimensions)]
    arm = trial.suggest_categorical("arm", [0, 1, 2])
    own = (dimensions - 1) // 3
    names = [f"a{arm}x{i}" for i in range(own)] + [f"x{i}" for i in range(dimensions - 1 - 3 * own)]
    return [arm / 2] + [suggest(trial, name, "float") for name in names]


seconds, asks = 0.0, []
for _ in range(trials):
    start = time.perf_counter()
    trial = study.ask()
    values = suggest_all(trial)
    asked = time.perf_counter()
    loss = sum((value - 0.3) ** 2 for value in values)
    told = time.perf_counter()
    study.tell(trial.number if peer == "rustuna" else trial, loss)
    asks.append(asked - start)
    seconds += asked - start + time.perf_counter() - told
print(json.dumps({"seconds": seconds, "asks": asks}))
