"""Trials that sleep, by one peer, in the way that its own documentation shows for so many slots.

    python cluster_utilization.py PEER SECONDS SLOTS SLEEPS.json LOG

PEER: optuna-threads, optuna-journal, optuna-sqlite, dask, ray or syne-tune. Trial i sleeps for SLEEPS[i] seconds
and then appends "i START END" to LOG by itself, so that every peer is measured in the same place. After SECONDS no
more trials begin. Everybody samples at random: what is compared is how the slots are kept busy.
"""

import json
import logging
import multiprocessing
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def sleep(sleeps, log, trial):
    start = time.time()
    time.sleep(sleeps[trial])
    line = f"{trial} {start:.6f} {time.time():.6f}\n".encode()
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, line)
    os.close(file)


def optuna_threads(seconds, slots, sleeps, log):
    """One process, nothing durable."""
    import optuna

    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        trial.suggest_float("y", 0, 1)
        sleep(sleeps, log, trial.number)
        return (x - 0.3) ** 2

    study = optuna.create_study(sampler=optuna.samplers.RandomSampler())
    study.optimize(objective, n_trials=len(sleeps), n_jobs=slots, timeout=seconds)


def optuna_storage(kind):
    from optuna.storages import JournalStorage, RDBStorage
    from optuna.storages.journal import JournalFileBackend

    if kind == "journal":
        return JournalStorage(JournalFileBackend("journal.log"))
    return RDBStorage("sqlite:///optuna.db", engine_kwargs={"connect_args": {"timeout": 200}})


def optuna_worker(kind, taken, deadline, sleeps, log):
    import optuna

    sampler = optuna.samplers.RandomSampler()
    study = optuna.load_study(study_name="sleeping", storage=optuna_storage(kind), sampler=sampler)
    while time.time() < deadline:
        # A counter that all processes share: none is left with more than its share of the work.
        with taken.get_lock():
            taken.value += 1
            if taken.value > len(sleeps):
                return
        trial = study.ask()
        x = trial.suggest_float("x", 0, 1)
        trial.suggest_float("y", 0, 1)
        sleep(sleeps, log, trial.number)
        study.tell(trial, (x - 0.3) ** 2)


def optuna_processes(kind, seconds, slots, sleeps, log):
    """One process a slot; forked, so that the library is imported once."""
    import optuna

    optuna.create_study(study_name="sleeping", storage=optuna_storage(kind))
    fork = multiprocessing.get_context("fork")
    taken = fork.Value("i", 0)
    work = (kind, taken, time.time() + seconds, sleeps, log)
    workers = [fork.Process(target=optuna_worker, args=work) for _ in range(slots)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode != 0 for worker in workers):
        sys.exit("a worker process failed")


def dask(seconds, slots, sleeps, log):
    """Four processes of threads (the quickest layout found on two cores); a new trial only after a result, as a tuner has it."""
    from dask.distributed import Client, LocalCluster, as_completed

    with LocalCluster(n_workers=4, threads_per_worker=slots // 4, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            deadline = time.time() + seconds
            submit = lambda trial: client.submit(sleep, sleeps, log, trial, pure=False)
            running = as_completed([submit(trial) for trial in range(slots)])
            begun = slots
            for _ in running:
                if begun < len(sleeps) and time.time() < deadline:
                    running.add(submit(begun))
                    begun += 1


def ray(seconds, slots, sleeps, log):
    """Actors that are used again: without that, Ray starts a process for every trial."""
    import ray
    from ray import tune

    ray.init(num_cpus=slots, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)

    class Sleep(tune.Trainable):
        def setup(self, config):
            self.trial = config["trial"]

        def reset_config(self, config):
            self.trial = config["trial"]
            return True

        def step(self):
            sleep(sleeps, log, self.trial)
            return {"loss": 1.0, "done": True}

        def save_checkpoint(self, folder):
            pass

        def load_checkpoint(self, folder):
            pass

    numbers = iter(range(10**9))
    space = {
        "trial": tune.sample_from(lambda _: next(numbers)),
        "x": tune.uniform(0, 1),
        "y": tune.uniform(0, 1),
    }
    config = tune.TuneConfig(
        metric="loss",
        mode="min",
        num_samples=len(sleeps),
        max_concurrent_trials=slots,
        reuse_actors=True,
        time_budget_s=seconds,
    )
    run = tune.RunConfig(storage_path=os.path.abspath("ray"), verbose=0)
    trainable = tune.with_resources(Sleep, {"cpu": 1})
    tune.Tuner(trainable, param_space=space, tune_config=config, run_config=run).fit()


SYNE_TUNE_TRIAL = """
import fcntl, json, sys
sys.path.insert(0, {here!r})
from cluster_utilization import sleep
from syne_tune import Reporter

with open({counter!r}, "r+") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    trial = int(file.read())
    file.seek(0)
    file.write(str(trial + 1))
sleep(json.load(open({sleeps!r})), {log!r}, trial)
Reporter()(loss=1.0)
"""


def syne_tune(seconds, slots, sleeps, log):
    """Its local back end: a process for every trial."""
    os.environ["SYNETUNE_FOLDER"] = os.path.abspath("syne-tune")
    from syne_tune import StoppingCriterion, Tuner
    from syne_tune.backend import LocalBackend
    from syne_tune.config_space import uniform
    from syne_tune.optimizer.baselines import RandomSearch

    here = os.path.dirname(os.path.abspath(__file__))
    counter, script = os.path.abspath("counter"), os.path.abspath("trial.py")
    with open(counter, "w") as file:
        file.write("0")
    with open(script, "w") as file:
        values = {"here": here, "counter": counter, "sleeps": sys.argv[4], "log": log}
        file.write(SYNE_TUNE_TRIAL.format(**values))
    space = {"x": uniform(0, 1), "y": uniform(0, 1)}
    Tuner(
        trial_backend=LocalBackend(entry_point=script),
        scheduler=RandomSearch(space, metrics=["loss"], do_minimize=True),
        stop_criterion=StoppingCriterion(max_num_trials_started=len(sleeps), max_wallclock_time=seconds),
        n_workers=slots,
        sleep_time=0.01,
        results_update_interval=1000,
        print_update_interval=1000,
        save_tuner=False,
        wait_trial_completion_when_stopping=True,
    ).run()


def main():
    peer, seconds, slots, sleeps_file, log = sys.argv[1:]
    with open(sleeps_file) as file:
        sleeps = json.load(file)
    rest = (float(seconds), int(slots), sleeps, log)
    if peer in ("optuna-journal", "optuna-sqlite"):
        return optuna_processes(peer.removeprefix("optuna-"), *rest)
    tuners = {"optuna-threads": optuna_threads, "dask": dask, "ray": ray, "syne-tune": syne_tune}
    return tuners[peer](*rest)


if __name__ == "__main__":
    main()
