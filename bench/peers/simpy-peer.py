"""The peer in SimPy (3 or later): the models of models.h with the same delays.

    simpy-peer.py hold PENDING EVENTS
    simpy-peer.py pipeline SLOTS DESCRIPTORS            of SimPy's own Resources and Store
    simpy-peer.py pipeline-by-hand SLOTS DESCRIPTORS    without them, for speed

One process per pending event, or per slot, as SimPy is meant to be used. What it counts as an event is a stage that a
descriptor passes, as in the other peers. Prints what priority-queue.cpp prints.
"""

import sys
import time
from collections import deque

import simpy

CLOCK_PS = 8
CORE_PS = 40_000
PORTAL_PS = 200_001
ARBITER_PHASE_PS = 2
SERVICE_PS = 80_001
RECORD_PS = 120_001
NOTICE_PS = 4
ENGINES = 4


class Delays:
    """The linear congruential generator of models.h."""

    def __init__(self):
        self.state = 1

    def next(self):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return ((self.state >> 15) + 1) * 8

    def next_short(self):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return ((self.state >> 18) + 1) * 8


def hold(pending, limit):
    """Every process waits, and waits again."""
    env = simpy.Environment()
    delays = Delays()
    stop = env.event()
    events = 0
    checksum = 0

    def holder():
        nonlocal events, checksum
        timeout = env.timeout(delays.next())
        while True:
            yield timeout
            if events == limit:
                return
            checksum += env.now
            events += 1
            if events == limit:
                stop.succeed()
                return
            timeout = env.timeout(delays.next())

    for _ in range(pending):
        env.process(holder())
    # Starting the processes is not part of the measured run; the shortest delay is longer than an instant.
    env.run(until=1)
    began = time.process_time()
    env.run(until=stop)
    return events, checksum, events, time.process_time() - began


class Pipeline:
    """The closed pipeline of models.h: a process per slot, one for the arbiter."""

    def __init__(self, slots, limit):
        self.env = simpy.Environment()
        self.limit = limit
        self.delays = Delays()
        self.stop = self.env.event()
        self.events = 0
        self.completed = 0
        self.checksum = 0
        self.wake_up = self.env.event()
        for _ in range(slots):
            self.env.process(self.slot())
        self.env.process(self.arbiter())

    def until_edge(self):
        """How long the arbiter waits for the next edge of its clock."""
        now = self.env.now
        return self.env.timeout((now // CLOCK_PS + 1) * CLOCK_PS + ARBITER_PHASE_PS - now)

    def notice(self):
        """A completion is seen. Returns whether its slot goes on."""
        if self.completed == self.limit:
            return False
        self.events += 1
        self.checksum += self.env.now
        self.completed += 1
        if self.completed == self.limit:
            self.stop.succeed()
        return self.completed < self.limit

    def run(self):
        began = time.process_time()
        self.env.run(until=self.stop)
        return self.events, self.checksum, self.completed, time.process_time() - began


class PipelineOfParts(Pipeline):
    """What queues and is shared is a part of SimPy: the core a Resource, the work queue a Store, the engines a Resource."""

    def __init__(self, slots, limit):
        super().__init__(slots, limit)
        self.core = simpy.Resource(self.env)
        self.queue = simpy.Store(self.env)
        self.engines = simpy.Resource(self.env, ENGINES)

    def wake_arbiter(self):
        if not self.wake_up.triggered:
            self.wake_up.succeed()

    def slot(self):
        env = self.env
        while True:
            # Submit: the core takes up one submission at a time.
            self.events += 1
            with self.core.request() as turn:
                yield turn
                yield env.timeout(CORE_PS)
            yield env.timeout(PORTAL_PS)
            # Arrive, and wait for the arbiter.
            self.events += 1
            granted = env.event()
            yield self.queue.put(granted)
            self.wake_arbiter()
            engine, service_ps = yield granted
            yield env.timeout(service_ps)
            # Finish.
            self.events += 1
            self.engines.release(engine)
            self.wake_arbiter()
            yield env.timeout(RECORD_PS)
            if not self.notice():
                return
            yield env.timeout(NOTICE_PS)

    def arbiter(self):
        while True:
            yield self.wake_up
            yield self.until_edge()
            self.events += 1
            self.wake_up = self.env.event()
            while self.queue.items and self.engines.count < ENGINES:
                granted = yield self.queue.get()
                engine = self.engines.request()
                yield engine
                granted.succeed((engine, SERVICE_PS + self.delays.next_short()))


class PipelineByHand(Pipeline):
    """A sum stands for the core, a deque for the work queue and a count for the engines: the fastest that we found."""

    def __init__(self, slots, limit):
        super().__init__(slots, limit)
        self.queue = deque()
        self.free_engines = ENGINES
        self.arbiter_woken = False
        self.core_free_ps = 0

    def wake_arbiter(self):
        if not self.arbiter_woken:
            self.arbiter_woken = True
            self.wake_up.succeed()

    def slot(self):
        env = self.env
        while True:
            # Submit: the core takes up one submission at a time.
            self.events += 1
            now = env.now
            self.core_free_ps = max(self.core_free_ps, now) + CORE_PS
            yield env.timeout(self.core_free_ps + PORTAL_PS - now)
            # Arrive, and wait for the arbiter.
            self.events += 1
            granted = env.event()
            self.queue.append(granted)
            self.wake_arbiter()
            service_ps = yield granted
            yield env.timeout(service_ps)
            # Finish.
            self.events += 1
            self.free_engines += 1
            self.wake_arbiter()
            yield env.timeout(RECORD_PS)
            if not self.notice():
                return
            yield env.timeout(NOTICE_PS)

    def arbiter(self):
        while True:
            yield self.wake_up
            self.wake_up = self.env.event()
            yield self.until_edge()
            self.events += 1
            self.arbiter_woken = False
            while self.queue and self.free_engines > 0:
                self.free_engines -= 1
                self.queue.popleft().succeed(SERVICE_PS + self.delays.next_short())


PIPELINES = {"pipeline": PipelineOfParts, "pipeline-by-hand": PipelineByHand}


def main():
    if len(sys.argv) == 2 and sys.argv[1] == "--version":
        print(simpy.__version__)
        return
    model, size, amount = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    result = hold(size, amount) if model == "hold" else PIPELINES[model](size, amount).run()
    events, checksum, done, seconds = result
    print(events, checksum & 0xFFFFFFFF, done, f"{seconds:.6f}")


main()
