"""Fleetune's client for a training program: its parameters, its reports, its checkpoints.

    import fleetune

    config = fleetune.params(lr=1e-3, units=64)      # the defaults, unless a study gives values
    folder = fleetune.checkpoint_dir()
    for epoch in range(1, 28):
        accuracy = train_one_epoch(config)
        if fleetune.checkpoint_wanted():
            save(folder)                              # somebody asked for one, now
        if fleetune.report(epoch, accuracy=accuracy):
            break                                     # the study has seen enough of this trial

The same program runs by itself, without a study: then it gets the defaults, and reports are printed.
Nothing here fails because the worker is gone; the training goes on. One file, standard library only,
Python 3.8 or newer, safe with threads and after a fork. The worker puts it on PYTHONPATH.
"""

import itertools
import json
import numbers
import os
import pathlib
import sys
import threading

__all__ = ["params", "report", "checkpoint_dir", "checkpoint_wanted"]

# Beyond what the worker takes to answer, even when its coordinator is away (1 s).
_TIMEOUT_S = 10.0

_local = threading.local()
_numbers = itertools.count(1)
_told_to_stop = False
_warned = set()


def params(**defaults):
    """The trial's parameters: what the study chose, over the given defaults.

    A parameter that is inactive in this trial is absent, unless it has a default here.
    """
    text = os.environ.get("FLEETUNE_PARAMS")
    chosen = json.loads(text) if text else {}
    return {**defaults, **chosen}


def report(step, **metrics):
    """Reports metrics at a step, e.g. an epoch; True means: save what you need, and stop.

    Values are numbers, also those of NumPy and PyTorch; NaN and infinities are fine.
    """
    global _told_to_stop
    if not metrics:
        raise TypeError("report() needs at least one metric: report(epoch, accuracy=0.9)")
    step = _number("step", step)
    values = {name: _number(name, value) for name, value in metrics.items()}
    if not os.environ.get("FLEETUNE_URL"):
        print(json.dumps({"step": step, **values}), flush=True)
        return False
    # The number tells a repeated request from a new report, in every process of the trial.
    name = "%d-%d" % (os.getpid(), next(_numbers))
    answer = _post({"id": name, "step": step, "metrics": values})
    if "warning" in answer:
        _warn(answer["warning"])
    _told_to_stop = _told_to_stop or bool(answer.get("stop"))
    return _told_to_stop


def checkpoint_dir():
    """A folder for checkpoints, which a later attempt of the same trial finds again."""
    folder = pathlib.Path(os.environ.get("FLEETUNE_CHECKPOINT_DIR") or "checkpoint")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def checkpoint_wanted():
    """True once after somebody asked for a checkpoint now ("fleetune trial checkpoint").

    Costs as much as looking for a file. Of several processes of a trial one hears it: ask in one, and tell the others.
    """
    request = os.environ.get("FLEETUNE_CHECKPOINT_REQUEST")
    if not request:
        return False
    try:
        os.remove(request)
    except OSError:
        return False
    return True


def _number(name, value):
    if isinstance(value, bool) or isinstance(value, str):
        raise TypeError("%s must be a number, got %r" % (name, value))
    if isinstance(value, numbers.Integral):
        return int(value)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError("%s must be a number, got %r" % (name, value)) from None


def _post(body):
    data = json.dumps(body).encode()
    problem = None
    for _ in range(2):
        try:
            return _request(data)
        except Exception as error:  # whatever the network does, the training goes on
            problem = error
            _local.connection = None
    _warn("the worker does not answer (%s); the training goes on" % problem)
    return {}


def _request(data):
    connection, path = _connection()
    connection.request(
        "POST",
        path + "/report",
        data,
        {
            "Authorization": "Bearer " + os.environ.get("FLEETUNE_TOKEN", ""),
            "Content-Type": "application/json",
        },
    )
    response = connection.getresponse()
    text = response.read()
    if response.status == 401:
        # The trial is over: whoever still runs it may end.
        return {"stop": True}
    answer = json.loads(text)
    if response.status != 200:
        return {"warning": str(answer.get("error", response.status))}
    return answer


def _connection():
    """One connection per thread; a forked process makes its own."""
    pid = os.getpid()
    kept = getattr(_local, "connection", None)
    if kept is None or kept[0] != pid:
        # Imported when needed: it takes longer than the rest of this module.
        import http.client
        import urllib.parse

        url = urllib.parse.urlsplit(os.environ["FLEETUNE_URL"])
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=_TIMEOUT_S)
        kept = (pid, connection, url.path)
        _local.connection = kept
    return kept[1], kept[2]


def _warn(text):
    if text not in _warned:
        _warned.add(text)
        print("fleetune: " + text, file=sys.stderr, flush=True)
