"""unittests.py REPORT [FILTER]: runs the tests in python/ and writes counts and durations as JSON."""

import json
import sys
import time
import unittest

sys.dont_write_bytecode = True
report, pattern = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
tests = []


class Result(unittest.TextTestResult):
    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        tests.append({"name": test.id(), "ms": (time.monotonic() - self.began) * 1000})


loader = unittest.TestLoader()
if pattern and pattern not in "python":
    loader.testNamePatterns = ["*" + pattern + "*"]
result = unittest.TextTestRunner(resultclass=Result).run(loader.discover("python"))
failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
skipped = len(result.skipped)
with open(report, "w") as file:
    json.dump(
        {
            "passed": max(0, result.testsRun - failed - skipped),
            "failed": failed,
            "skipped": skipped,
            "tests": tests,
        },
        file,
    )
sys.exit(1 if failed else 0)
