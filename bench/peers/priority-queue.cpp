// The peer with nothing but std::priority_queue: events are structs in the queue, dispatched through a table of
// functions, in the order (time, sequence of scheduling).
//
//   priority-queue hold <pending> <events>
//   priority-queue pipeline <slots> <descriptors>
//
// Prints one line: events, checksum, units done, processor seconds of the run itself.
#include "models.h"

#include <queue>
#include <vector>

namespace {

struct Event {
  std::uint64_t timePs;
  std::uint64_t sequence;
  std::uint32_t handler;
  std::uint32_t payload;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const {
    return a.timePs != b.timePs ? a.timePs > b.timePs : a.sequence > b.sequence;
  }
};

class Kernel {
 public:
  using Handler = void (*)(Kernel&, std::uint32_t);

  std::uint64_t nowPs = 0;
  std::uint64_t dispatched = 0;

  explicit Kernel(std::vector<Handler> handlers) : handlers_(std::move(handlers)) {}

  void schedule(std::uint64_t delayPs, std::uint32_t handler, std::uint32_t payload) {
    events_.push(Event{nowPs + delayPs, sequence_++, handler, payload});
  }

  void stop() { stopped_ = true; }

  void run() {
    while (!stopped_ && !events_.empty()) {
      const Event event = events_.top();
      events_.pop();
      nowPs = event.timePs;
      dispatched++;
      handlers_[event.handler](*this, event.payload);
    }
  }

 private:
  std::vector<Handler> handlers_;
  std::priority_queue<Event, std::vector<Event>, Later> events_;
  std::uint64_t sequence_ = 0;
  bool stopped_ = false;
};

// Hold model: every event schedules its successor.
Delays delays;
Checksum checksum;
std::uint64_t limit = 0;

void hold(Kernel& kernel, std::uint32_t payload) {
  checksum.add(kernel.nowPs);
  if (kernel.dispatched == limit) kernel.stop();
  else kernel.schedule(delays.next(), 0, payload);
}

void runHold(std::uint32_t pending, std::uint64_t events) {
  Kernel kernel({hold});
  limit = events;
  for (std::uint32_t i = 0; i < pending; i++) kernel.schedule(delays.next(), 0, i);
  const double from = processorSeconds();
  kernel.run();
  report(kernel.dispatched, checksum.value, kernel.dispatched, processorSeconds() - from);
}

// The closed pipeline of models.h.
enum : std::uint32_t { SUBMIT, ARRIVE, ARBITRATE, FINISH, NOTICE };

Pipeline pipeline;

void submit(Kernel& kernel, std::uint32_t slot) {
  kernel.schedule(pipeline.reserveCore(kernel.nowPs) + PORTAL_PS - kernel.nowPs, ARRIVE, slot);
}

void arrive(Kernel& kernel, std::uint32_t slot) {
  pipeline.queue.push_back(slot);
  if (pipeline.wakeArbiter()) kernel.schedule(untilArbiter(kernel.nowPs), ARBITRATE, 0);
}

void arbitrate(Kernel& kernel, std::uint32_t) {
  pipeline.arbiterWoken = false;
  while (!pipeline.queue.empty() && pipeline.freeEngines > 0) {
    const std::uint32_t slot = pipeline.take();
    kernel.schedule(SERVICE_PS + delays.nextShort(), FINISH, slot);
  }
}

void finish(Kernel& kernel, std::uint32_t slot) {
  pipeline.freeEngines++;
  if (pipeline.wakeArbiter()) kernel.schedule(untilArbiter(kernel.nowPs), ARBITRATE, 0);
  kernel.schedule(RECORD_PS, NOTICE, slot);
}

void notice(Kernel& kernel, std::uint32_t slot) {
  checksum.add(kernel.nowPs);
  if (++pipeline.completed == limit) kernel.stop();
  else kernel.schedule(NOTICE_PS, SUBMIT, slot);
}

void runPipeline(std::uint32_t slots, std::uint64_t descriptors) {
  Kernel kernel({submit, arrive, arbitrate, finish, notice});
  limit = descriptors;
  for (std::uint32_t slot = 0; slot < slots; slot++) kernel.schedule(0, SUBMIT, slot);
  const double from = processorSeconds();
  kernel.run();
  report(kernel.dispatched, checksum.value, pipeline.completed, processorSeconds() - from);
}

}  // namespace

int main(int argc, char** argv) {
  const Request request(argc, argv);
  if (request.hold) runHold(request.size, request.amount);
  else runPipeline(request.size, request.amount);
  return 0;
}
