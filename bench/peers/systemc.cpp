// The peer in SystemC 2.3: one method process per pending event or slot, which re-arms itself with next_trigger.
// A method that wakes up is one event.
//
//   systemc hold <pending> <events>
//   systemc pipeline <slots> <descriptors>
//
// Prints what priority-queue.cpp prints.
#include "models.h"

#include <systemc>
#include <vector>

namespace {

using sc_core::sc_event;
using sc_core::sc_time;

sc_time picoseconds(std::uint64_t ps) { return sc_time::from_value(ps); }
std::uint64_t nowPs() { return sc_core::sc_time_stamp().value(); }

Delays delays;
Checksum checksum;
std::uint64_t limit = 0;
std::uint64_t events = 0;

// Hold model: every method waits, and waits again.
SC_MODULE(Holder) {
  bool started = false;
  SC_CTOR(Holder) { SC_METHOD(hold); }
  void hold() {
    if (!started) {
      started = true;
    } else {
      // The kernel stops after all methods of this instant.
      if (events == limit) return;
      checksum.add(nowPs());
      if (++events == limit) {
        sc_core::sc_stop();
        return;
      }
    }
    next_trigger(picoseconds(delays.next()));
  }
};

// The closed pipeline of models.h.
struct Shared {
  Pipeline state;
  sc_event arbiter;
  std::vector<sc_event*> finished;

  void wakeArbiter() {
    if (state.wakeArbiter()) arbiter.notify(picoseconds(untilArbiter(nowPs())));
  }
};

Shared shared;

SC_MODULE(Slot) {
  enum Stage { SUBMIT, ARRIVE, FINISH, NOTICE };
  Stage stage = SUBMIT;
  std::uint32_t number = 0;
  sc_event finished;
  SC_CTOR(Slot) { SC_METHOD(step); }

  void step() {
    if (shared.state.completed == limit) return;
    events++;
    switch (stage) {
      case SUBMIT:
        stage = ARRIVE;
        next_trigger(picoseconds(shared.state.reserveCore(nowPs()) + PORTAL_PS - nowPs()));
        return;
      case ARRIVE:
        stage = FINISH;
        shared.state.queue.push_back(number);
        shared.wakeArbiter();
        next_trigger(finished);
        return;
      case FINISH:
        stage = NOTICE;
        shared.state.freeEngines++;
        shared.wakeArbiter();
        next_trigger(picoseconds(RECORD_PS));
        return;
      case NOTICE:
        stage = SUBMIT;
        checksum.add(nowPs());
        if (++shared.state.completed == limit) sc_core::sc_stop();
        else next_trigger(picoseconds(NOTICE_PS));
        return;
    }
  }
};

SC_MODULE(Arbiter) {
  SC_CTOR(Arbiter) {
    SC_METHOD(arbitrate);
    dont_initialize();
    sensitive << shared.arbiter;
  }
  void arbitrate() {
    events++;
    shared.state.arbiterWoken = false;
    while (!shared.state.queue.empty() && shared.state.freeEngines > 0) {
      const std::uint32_t slot = shared.state.take();
      shared.finished[slot]->notify(picoseconds(SERVICE_PS + delays.nextShort()));
    }
  }
};

}  // namespace

int sc_main(int argc, char** argv) {
  const Request request(argc, argv);
  sc_core::sc_set_time_resolution(1, sc_core::SC_PS);
  limit = request.amount;
  std::vector<Holder*> holders;
  std::vector<Slot*> slots;
  Arbiter* arbiter = nullptr;
  for (std::uint32_t i = 0; i < request.size; i++) {
    if (request.hold) {
      holders.push_back(new Holder(sc_core::sc_gen_unique_name("holder")));
    } else {
      slots.push_back(new Slot(sc_core::sc_gen_unique_name("slot")));
      slots.back()->number = i;
      shared.finished.push_back(&slots.back()->finished);
    }
  }
  if (!request.hold) arbiter = new Arbiter("arbiter");
  // Elaboration, and in the hold model the first delays, are not part of the measured run.
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  const double from = processorSeconds();
  sc_core::sc_start();
  const double seconds = processorSeconds() - from;
  report(events, checksum.value, request.hold ? events : shared.state.completed, seconds);
  delete arbiter;
  return 0;
}
