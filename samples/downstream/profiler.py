"""Timing of requests."""

import time


def clocks():
    """Wall clock and processor time, both in nanoseconds."""
    return time.perf_counter_ns(), time.process_time_ns()


class Profiler:
    """Times one request between begin() and end()."""

    # The leak: this list belongs to the class, so it outlives every request.
    results = []

    def begin(self, path):
        self.path = path
        self.when = time.time()
        self.began = clocks()

    def end(self, status):
        Profiler.results.append((self.when, self.path, status, self.began, clocks()))
