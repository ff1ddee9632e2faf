"""Values of the ranked tasks for benchmarks/sampler-quality: each line on stdin is a list of [task, params], each line
on stdout the list of their [value, seconds]. The readers are in the folder of the data, FLEETUNE_BENCH_DATA."""

import json
import os
import sys
from collections import defaultdict

data = os.environ["FLEETUNE_BENCH_DATA"]
os.environ["BENCHDATA"] = data
sys.path.insert(0, data)
import loaders  # noqa: E402
import numpy as np  # noqa: E402

tasks = {}


def surrogates(asked, session):
    """All points of one model at once: as value and seconds of each."""
    rows = [tasks[name]._row(params, None) for name, params in asked]
    inputs = {"x_cat": np.array([r[0] for r in rows], np.int32), "x_cont": np.array([r[1] for r in rows], np.float32)}
    found = session.run([tasks[asked[0][0]].out], inputs)[0]
    for (name, _), y in zip(asked, found):
        task = tasks[name]
        value = min(1.0, max(0.0, float(y[task.ti]) * task.m["target_scale"]))
        seconds = max(task.m["cost_floor_s"], float(y[task.ri]))
        yield [value if task.m["minimize"] else 1 - value, seconds]


for line in sys.stdin:
    asked = json.loads(line)
    answers = [None] * len(asked)
    by_session = defaultdict(list)
    for i, (name, params) in enumerate(asked):
        if name not in tasks:
            tasks[name] = loaders.load(name)
        if hasattr(tasks[name], "s"):
            by_session[id(tasks[name].s)].append(i)
        else:
            answers[i] = list(tasks[name].evaluate(params))
    for places in by_session.values():
        points = [asked[i] for i in places]
        for i, answer in zip(places, surrogates(points, tasks[points[0][0]].s)):
            answers[i] = answer
    print(json.dumps(answers), flush=True)
