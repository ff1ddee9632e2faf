"""The client against the real trial server, in processes of its own."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
SERVER = ROOT / "packages" / "worker" / "testing" / "serve-trial.ts"
OWN_NODE = ROOT / ".tools" / "node_modules" / ".bin" / "node"


def run(program, env=None, cwd=None):
    """Runs a program that imports the client; the environment has nothing of ours but `env`."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("FLEETUNE_")}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**clean, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
    )


class Alone(unittest.TestCase):
    def test_params_are_the_defaults(self):
        done = run("import fleetune; print(fleetune.params(lr=0.1, units=4))")
        self.assertEqual(done.stdout.strip(), "{'lr': 0.1, 'units': 4}")

    def test_without_defaults_params_are_empty(self):
        self.assertEqual(run("import fleetune; print(fleetune.params())").stdout.strip(), "{}")

    def test_a_report_is_printed_and_never_says_stop(self):
        done = run("import fleetune; print(fleetune.report(1, acc=0.5))")
        self.assertEqual(done.stdout.splitlines(), ['{"step": 1, "acc": 0.5}', "False"])

    def test_the_checkpoint_folder_is_a_local_one(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("import fleetune; print(fleetune.checkpoint_dir().is_dir())", cwd=folder)
            self.assertEqual(done.stdout.strip(), "True")
            self.assertTrue((pathlib.Path(folder) / "checkpoint").is_dir())

    def test_nobody_wants_a_checkpoint(self):
        done = run("import fleetune; print(fleetune.checkpoint_wanted())")
        self.assertEqual(done.stdout.strip(), "False")

    def test_a_checkpoint_is_wanted_once_for_each_request(self):
        with tempfile.TemporaryDirectory() as folder:
            request = pathlib.Path(folder) / "request"
            request.write_text("a reason")
            program = (
                "import fleetune, pathlib\n"
                "wanted = fleetune.checkpoint_wanted\n"
                "print(wanted(), wanted())\n"
                "pathlib.Path(%r).touch()\n"
                "print(wanted(), wanted())\n" % str(request)
            )
            done = run(program, {"FLEETUNE_CHECKPOINT_REQUEST": str(request)})
            self.assertEqual(done.stdout.split(), ["True", "False", "True", "False"])

    def test_a_metric_that_is_no_number_is_refused(self):
        done = run("import fleetune; fleetune.report(1, acc='high')")
        self.assertIn("acc must be a number, got 'high'", done.stderr)

    def test_a_report_without_metrics_is_refused(self):
        self.assertIn("at least one metric", run("import fleetune; fleetune.report(1)").stderr)


class InAStudy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen(
            [str(OWN_NODE) if OWN_NODE.exists() else "node", str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )

    @classmethod
    def tearDownClass(cls):
        cls.server.stdin.close()
        cls.server.stdout.close()
        cls.server.wait(30)

    def setUp(self):
        door = self.ask("open")
        self.env = {"FLEETUNE_URL": door["url"], "FLEETUNE_TOKEN": door["token"]}

    def ask(self, line):
        self.server.stdin.write(line + "\n")
        self.server.stdin.flush()
        return json.loads(self.server.stdout.readline())

    def reports(self):
        """What this test's trial has told."""
        return self.ask("reports")

    def test_params_of_the_study_win_over_defaults(self):
        program = "import fleetune; print(fleetune.params(lr=0.1, units=4))"
        done = run(program, {"FLEETUNE_PARAMS": '{"lr": 0.2}'})
        self.assertEqual(done.stdout.strip(), "{'lr': 0.2, 'units': 4}")

    def test_reports_arrive_in_order_and_the_answer_says_stop(self):
        program = (
            "import fleetune\n"
            "for epoch in range(1, 10):\n"
            "    if fleetune.report(epoch, acc=epoch / 10): break\n"
            "print(epoch, fleetune.report(epoch + 1, acc=1))\n"
        )
        done = run(program, self.env)
        self.assertEqual((done.stdout.strip(), done.stderr), ("5 True", ""))
        told = self.reports()
        self.assertEqual([row["step"] for row in told], [1, 2, 3, 4, 5, 6])
        self.assertEqual(told[0]["metrics"], {"acc": 0.1})

    def test_nan_and_infinities_arrive(self):
        program = "import fleetune; fleetune.report(1, acc=float('nan'), loss=float('-inf'))"
        run(program, self.env)
        self.assertEqual(self.reports()[0]["metrics"], {"acc": "NaN", "loss": "-Infinity"})

    def test_threads_and_forked_processes_report_side_by_side(self):
        program = (
            "import fleetune, os, threading\n"
            "fleetune.report(0, acc=0)\n"
            "def work(base):\n"
            "    for i in range(20): fleetune.report(base + i, acc=1)\n"
            "child = os.fork()\n"
            "threads = [threading.Thread(target=work, args=(1000 * (t + 1) * (1 if child else 10),))"
            " for t in range(3)]\n"
            "for t in threads: t.start()\n"
            "for t in threads: t.join()\n"
            "if child: os.waitpid(child, 0)\n"
            "else: os._exit(0)\n"
        )
        done = run(program, self.env)
        self.assertEqual(done.stderr, "")
        steps = sorted(row["step"] for row in self.reports())
        bases = [1000, 2000, 3000, 10000, 20000, 30000]
        self.assertEqual(steps, [0] + [base + i for base in bases for i in range(20)])

    def test_an_answer_that_was_lost_is_asked_for_again_and_counts_once(self):
        program = (
            "import fleetune\n"
            "real = fleetune._request\n"
            "tries = []\n"
            "def lossy(data):\n"
            "    answer = real(data)\n"
            "    tries.append(data)\n"
            "    if len(tries) == 1: raise ConnectionResetError('lost')\n"
            "    return answer\n"
            "fleetune._request = lossy\n"
            "fleetune.report(1, acc=0.5)\n"
            "print(len(tries))\n"
        )
        self.assertEqual(run(program, self.env).stdout.strip(), "2")
        self.assertEqual([row["step"] for row in self.reports()], [1])

    def test_a_worker_that_is_gone_does_not_end_the_training(self):
        program = "import fleetune; print([fleetune.report(e, acc=1) for e in range(3)])"
        # Nobody listens on port 9 of the loopback.
        done = run(program, {**self.env, "FLEETUNE_URL": "http://127.0.0.1:9/x"})
        self.assertEqual(done.stdout.strip(), "[False, False, False]")
        self.assertEqual(done.stderr.count("the worker does not answer"), 1)

    def test_a_trial_that_is_over_is_told_to_stop(self):
        program = "import fleetune; print(fleetune.report(1, acc=1))"
        done = run(program, {**self.env, "FLEETUNE_TOKEN": "old"})
        self.assertEqual(done.stdout.strip(), "True")


if __name__ == "__main__":
    unittest.main()
