/** SPDK's user-mode driver: one group with all engines and one dedicated queue with all entries, polled. */
import { COMMAND } from '../registers/commands.js';
import { ENGINE_WORD, encodeGrpcfg, FLAGS_WORD } from '../registers/grpcfg.js';
import { DEVICE_STATE, REGISTER, STRIDE } from '../registers/map.js';
import { type Driver, DriverError, read32, read64, write32, write64 } from './bus.js';
import { pollChecked } from './idxd-command.js';

const WQCFG_WORDS = 8;
const MANY_ENTRIES = 128;

/** What the driver keeps of a device that it has set up. */
export interface SpdkDevice {
  readonly queueEntries: number;
  /** Channels that share the queue. */
  readonly channels: number;
  /** Descriptors that each of them may have outstanding. */
  readonly creditsPerChannel: number;
}

/**
 * Resets, configures and enables the device and its queue.
 * @throws DriverError if the device does not become enabled
 */
export function* attach(): Driver<SpdkDevice> {
  yield* pollChecked(COMMAND.reset_device);
  yield* read32(REGISTER.version);
  const [gencap] = yield* read64(REGISTER.gencap);
  const [wqcap] = yield* read64(REGISTER.wqcap);
  const [grpcap] = yield* read64(REGISTER.grpcap);
  const [engcap] = yield* read64(REGISTER.engcap);
  for (let i = 0; i < 4; i++) yield* read64(REGISTER.opcap + 8 * i);
  const [tables] = yield* read64(REGISTER.offsets);
  yield* read64(REGISTER.offsets + 8);
  const engines = Array.from({ length: engcap & 0xff }, (_, engine) => engine);
  yield* writeGroups((tables & 0xffff) * 0x100, grpcap, engines);
  const queueEntries = wqcap & 0xffff;
  // Size, no threshold, dedicated with priority 1, limits of the device.
  const words = [queueEntries, 0, 1 | (1 << 4), ((gencap >>> 16) & 0x1f) | (((gencap >>> 21) & 0xf) << 5)];
  for (let queue = 0; queue < ((wqcap >>> 16) & 0xff); queue++) {
    for (let i = 0; i < WQCFG_WORDS; i++) {
      const at = (tables >>> 16) * 0x100 + queue * WQCFG_WORDS * 4 + 4 * i;
      yield* write32(at, queue === 0 ? (words[i] ?? 0) : 0);
    }
  }
  yield* expectState(DEVICE_STATE.disabled);
  yield* pollChecked(COMMAND.enable_device);
  yield* expectState(DEVICE_STATE.enabled);
  yield* expectState(DEVICE_STATE.enabled);
  yield* pollChecked(COMMAND.enable_wq, 0);
  const channels = queueEntries >= MANY_ENTRIES ? 8 : 4;
  return { queueEntries, channels, creditsPerChannel: Math.floor(queueEntries / channels) };
}

/** All groups are written, so that those without a member are empty. */
function* writeGroups(at: number, grpcap: number, engines: readonly number[]): Driver {
  for (let group = 0; group < (grpcap & 0xff); group++) {
    const words = encodeGrpcfg({
      workQueues: group === 0 ? [0] : [],
      engines: group === 0 ? engines : [],
      trafficClassA: 1,
      trafficClassB: 1,
      useReadBufferLimit: false,
      readBuffersReserved: 0,
      readBuffersAllowed: group === 0 ? (grpcap >>> 8) & 0xff : 0,
      workLimit: 0,
      batchLimit: 0,
    });
    for (const word of [0, ENGINE_WORD, FLAGS_WORD]) {
      yield* write64(at + group * STRIDE.group + 4 * word, words[word]!, words[word + 1]!);
    }
  }
}

function* expectState(state: number): Driver {
  const found = (yield* read32(REGISTER.gensts)) & 3;
  if (found !== state) throw new DriverError(`the device is in state ${found} instead of ${state}`);
}
