/** Reset values of BAR0 (DSA specification 9.1): all zero but for what is set here. */
import { type DeviceShape, wqcfgBytes } from './capabilities.js';
import { FLAGS_WORD } from './grpcfg.js';
import { REGISTER, STRIDE } from './map.js';
import { MODE_SUPPORT } from './wqcfg.js';

/** First word of the operation mask in a WQCFG of 64 bytes. */
const OPERATIONS_WORD = 8;

/** What Reset Device sets; CMDSTATUS, SWERROR, EVLSTATUS and the MSI-X table stay as they are. */
export function writeResetValues(words: Uint32Array, shape: DeviceShape): void {
  const { layout, groups, workQueues, vectors, readBuffers } = shape;
  const zero = (from: number, bytes: number) => words.fill(0, from / 4, (from + bytes) / 4);
  for (const offset of [REGISTER.genctrl, REGISTER.gensts, REGISTER.intcause]) words[offset / 4] = 0;
  words[REGISTER.gencfg / 4] = readBuffers;
  zero(REGISTER.evlcfg, 16);
  zero(layout.permissions, vectors * STRIDE.permission);
  zero(layout.groups, groups * STRIDE.group);
  for (let group = 0; group < groups; group++) {
    words[(layout.groups + group * STRIDE.group) / 4 + FLAGS_WORD] = readBuffers << 20;
  }
  for (let queue = 0; queue < workQueues; queue++) {
    words[(layout.workQueues + queue * wqcfgBytes(shape)) / 4] = 0;
    resetQueueWords(words, shape, queue);
  }
}

/** What Reset WQ sets: everything but the size, which belongs to the device's configuration. */
export function resetQueueWords(words: Uint32Array, shape: DeviceShape, queue: number): void {
  const stride = wqcfgBytes(shape) / 4;
  const first = shape.layout.workQueues / 4 + queue * stride;
  words.fill(0, first + 1, first + stride);
  if (shape.modeSupport) words[first + 6] = MODE_SUPPORT;
  if (shape.capabilities.operationConfig) words.set(shape.capabilities.operations, first + OPERATIONS_WORD);
}

/** What only a function-level reset clears. */
export function clearStickyRegisters(words: Uint32Array): void {
  words[REGISTER.cmdstatus / 4] = 0;
  words.fill(0, REGISTER.swerror / 4, REGISTER.swerror / 4 + 8);
  words.fill(0, REGISTER.evlstatus / 4, REGISTER.evlstatus / 4 + 2);
}
