// What the C++ peers share: the delays, the closed pipeline, and how a result is reported. bench/models.mjs and
// simpy-peer.py hold the same in their languages; equal event counts and checksums show that they agree.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>

// Delays of 8 to 2^20 ps in steps of 8, from the 32-bit linear congruential generator of Numerical Recipes.
struct Delays {
  std::uint32_t state = 1;
  std::uint64_t next() {
    step();
    return static_cast<std::uint64_t>((state >> 15) + 1) * 8;
  }
  // The same, up to 2^17 ps.
  std::uint64_t nextShort() {
    step();
    return static_cast<std::uint64_t>((state >> 18) + 1) * 8;
  }
  void step() { state = state * 1664525u + 1013904223u; }
};

// Sum of event times, modulo 2^32: the same in whatever order a kernel takes events of one instant.
struct Checksum {
  std::uint32_t value = 0;
  void add(std::uint64_t timePs) { value += static_cast<std::uint32_t>(timePs); }
};

// Stages of a descriptor:  submit -> arrive -> [arbitrate] -> finish -> notice -> submit ...
// Every kind of event has its own phase of an 8 ps clock, so that no two kinds fall on one instant: kernels break
// ties in different ways, and the counts would differ. [ps]
constexpr std::uint64_t CLOCK_PS = 8;
constexpr std::uint64_t CORE_PS = 40'000;       // the core is busy with one submission
constexpr std::uint64_t PORTAL_PS = 200'001;    // phase 0 to 1
constexpr std::uint64_t ARBITER_PHASE_PS = 2;
constexpr std::uint64_t SERVICE_PS = 80'001;    // phase 2 to 3
constexpr std::uint64_t RECORD_PS = 120'001;    // phase 3 to 4
constexpr std::uint64_t NOTICE_PS = 4;          // phase 4 to 8
constexpr std::uint32_t ENGINES = 4;

struct Pipeline {
  std::deque<std::uint32_t> queue;
  std::uint32_t freeEngines = ENGINES;
  std::uint64_t completed = 0;
  bool arbiterWoken = false;
  std::uint64_t coreFreePs = 0;

  // The core takes up a submission that is ready at `readyPs`; returns when it leaves the core.
  std::uint64_t reserveCore(std::uint64_t readyPs) {
    coreFreePs = (coreFreePs > readyPs ? coreFreePs : readyPs) + CORE_PS;
    return coreFreePs;
  }

  // Whether the arbiter must be woken; it looks once at the next edge of the clock.
  bool wakeArbiter() {
    const bool wake = !arbiterWoken;
    arbiterWoken = true;
    return wake;
  }

  std::uint32_t take() {
    const std::uint32_t slot = queue.front();
    queue.pop_front();
    freeEngines--;
    return slot;
  }
};

inline std::uint64_t untilArbiter(std::uint64_t nowPs) {
  return (nowPs / CLOCK_PS + 1) * CLOCK_PS + ARBITER_PHASE_PS - nowPs;
}

inline double processorSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Request {
  bool hold;
  std::uint32_t size;
  std::uint64_t amount;
  Request(int argc, char** argv) {
    if (argc != 4) {
      std::fprintf(stderr, "usage: %s hold|pipeline SIZE AMOUNT\n", argv[0]);
      std::exit(2);
    }
    hold = std::strcmp(argv[1], "hold") == 0;
    size = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
    amount = std::strtoull(argv[3], nullptr, 10);
  }
};

inline void report(std::uint64_t events, std::uint32_t checksum, std::uint64_t done, double seconds) {
  std::printf("%llu %lu %llu %.6f\n", static_cast<unsigned long long>(events),
              static_cast<unsigned long>(checksum), static_cast<unsigned long long>(done), seconds);
}
