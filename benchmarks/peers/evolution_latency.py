"""Ask and tell in memory, of Rustuna: prints {"microseconds": [of processor time per trial]} for one study.

    python evolution_latency.py cma-es|nsga DIMENSIONS TRIALS

The space and the objectives are those of benchmarks/evolution/evolution-study.ts.
"""

import json
import sys
import time

import rustuna

kind, dimensions, trials = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rustuna.logging.set_verbosity(rustuna.logging.ERROR) if hasattr(rustuna, "logging") else None
if kind == "nsga":
    sampler = rustuna.samplers.NSGAIISampler(seed=0)
    study = rustuna.create_study(sampler=sampler, directions=["minimize", "minimize"])
else:
    study = rustuna.create_study(sampler=rustuna.samplers.CmaEsSampler(seed=0))

start = time.process_time()
for _ in range(trials):
    trial = study.ask()
    values = [trial.suggest_float(f"x{i}", 0.0, 1.0) for i in range(dimensions)]
    loss = sum((value - 0.3) ** 2 for value in values)
    other = sum((value - 0.6) ** 2 for value in values)
    study.tell(trial.number, [loss, other] if kind == "nsga" else loss)
print(json.dumps({"microseconds": [1e6 * (time.process_time() - start) / trials]}))
