"""Gradient descent into a long, narrow bowl, with Fleetune's Python client.

The client is one file that the worker puts within reach, so there is nothing to install. This
program keeps a checkpoint, goes on from it when it is started again, and ends when it is told to.
"""

import json
import os

from fleetune import checkpoint_dir, params, report

STEPS = 81


def loss(x, y):
    return x * x + 50 * y * y


def gradient(x, y):
    return 2 * x, 100 * y


def save(path, state):
    """Never half a checkpoint, whenever the power fails."""
    path.with_suffix(".new").write_text(json.dumps(state))
    os.replace(path.with_suffix(".new"), path)


def main():
    chosen = params(lr=1e-4, momentum=0.0)
    checkpoint = checkpoint_dir() / "state.json"
    state = {"step": 0, "x": 10.0, "y": 1.0, "vx": 0.0, "vy": 0.0}
    if checkpoint.exists():
        state = json.loads(checkpoint.read_text())

    while state["step"] < STEPS:
        gx, gy = gradient(state["x"], state["y"])
        state["vx"] = chosen["momentum"] * state["vx"] - chosen["lr"] * gx
        state["vy"] = chosen["momentum"] * state["vy"] - chosen["lr"] * gy
        # A step is cut at 1, so that a wild learning rate gives a bad result and not an overflow.
        state["x"] += max(-1.0, min(1.0, state["vx"]))
        state["y"] += max(-1.0, min(1.0, state["vy"]))
        state["step"] += 1
        save(checkpoint, state)
        if report(state["step"], loss=loss(state["x"], state["y"])):
            break


if __name__ == "__main__":
    main()
