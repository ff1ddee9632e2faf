"""Trials per second through a durable store that processes share: prints {"trials", "seconds"}.

    python tell_ask.py STORE PROCESSES SECONDS

STORE: sqlite, journal, grpc-sqlite, grpc-journal (Optuna) or rustuna-journal. Each process asks, gets five floats
sampled at random, tells, and begins again; the study is new, in the current folder.
"""

import json
import multiprocessing
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")


def open_storage(store, port):
    if store == "rustuna-journal":
        import rustuna

        return rustuna.storages.JournalFileStorage(os.path.abspath("journal.log"))
    from optuna.storages import GrpcStorageProxy, JournalStorage, RDBStorage
    from optuna.storages.journal import JournalFileBackend

    if store.startswith("grpc"):
        return GrpcStorageProxy(host="localhost", port=port)
    if store == "journal":
        return JournalStorage(JournalFileBackend("journal.log"))
    return RDBStorage("sqlite:///optuna.db", engine_kwargs={"connect_args": {"timeout": 100}})


def library_of(store):
    if store.startswith("rustuna"):
        import rustuna

        return rustuna
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def work(store, port, seconds, ready, results):
    library = library_of(store)
    sampler = library.samplers.RandomSampler()
    study = library.load_study(study_name="bench", storage=open_storage(store, port), sampler=sampler)
    ready.wait()
    start = time.time()
    trials = 0
    while time.time() - start < seconds:
        trial = study.ask()
        xs = [trial.suggest_float(f"x{i}", 0.0, 1.0) for i in range(5)]
        value = sum((x - 0.3) ** 2 for x in xs)
        study.tell(trial.number if library.__name__ == "rustuna" else trial, value)
        trials += 1
    results.put((trials, start, time.time()))


def serve(store, port):
    import optuna

    storage = open_storage(store.removeprefix("grpc-"), port)
    optuna.storages.run_grpc_proxy_server(storage, host="localhost", port=port)


def main():
    store, processes, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    spawn = multiprocessing.get_context("spawn")
    port = 20000 + os.getpid() % 10000
    server = None
    if store.startswith("grpc"):
        server = spawn.Process(target=serve, args=(store, port), daemon=True)
        server.start()
    storage = open_storage(store, port)
    if server is not None:
        storage.wait_server_ready(timeout=60)
    library_of(store).create_study(study_name="bench", storage=storage)
    ready, results = spawn.Barrier(processes), spawn.Queue()
    given = (store, port, seconds, ready, results)
    workers = [spawn.Process(target=work, args=given) for _ in range(processes)]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=300) for _ in workers]
    for worker in workers:
        worker.join()
    if server is not None:
        server.terminate()
    spent = max(end for _, _, end in told) - min(start for _, start, _ in told)
    print(json.dumps({"trials": sum(trials for trials, _, _ in told), "seconds": spent}))


if __name__ == "__main__":
    main()
