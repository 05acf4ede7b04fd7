/**
 * Who goes first when several events fall on the same picosecond.
 *
 * Events at one instant are causally unordered in the real machine, so a simulator has to choose; the choice
 * must be written down, since it decides whether a slot that is freed and wanted at the same instant is seen as
 * free. The rule here is: first give back, then answer, then advance, then choose, then ask, and look last.
 * A smaller number is dispatched earlier; within a class, the event that was scheduled first goes first.
 */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum PRIORITY {
  /** Something finished and frees what it held: an engine, a read buffer, a work-queue entry. First, so that
   * whoever asks at the same instant finds it free, as hardware that frees on a clock edge would. */
  COMPLETION = 0,
  /** An address translation is answered: a DevTLB or IOTLB fill, the end of a page walk, a page response.
   * Before the device advances, so that a waiting stage sees the entry that arrived with it. */
  TRANSLATION = 1,
  /** A stage inside the device advances: a descriptor is accepted, a fetch returns, a write drains. */
  DEVICE = 2,
  /** A group arbiter picks the next descriptor. After every event that could free an engine or add a candidate
   * inside the device, so that the choice is made among all candidates of the instant, not the first to come. */
  ARBITRATE = 3,
  /** Software acts: a portal write is issued, a poll reads the completion record, a driver step runs. After the
   * device, since a CPU cannot see a state change earlier than the instant at which the device made it. */
  HOST = 4,
  /** Statistics are read or reset: the end of the warm-up, samples, the end of a run. Last, so that a
   * measurement at t includes everything that happened at t. */
  MEASURE = 5,
}

/** The largest priority that the event order can hold; the classes above leave room for finer ones. */
export const PRIORITY_MAX = 15;
