/** The configuration of one group as registers: queue bitmap, engine bitmap, flags (specification 9.2.26). */

/** Words of one GRPCFG. */
export const GRPCFG_WORDS = 16;
/** Index of the engine bitmap's first word, and of the flags'. */
export const ENGINE_WORD = 8;
export const FLAGS_WORD = 10;

/** GRPCFG taken apart. */
export interface GrpcfgFields {
  /** Queues of the group, ascending. */
  workQueues: readonly number[];
  /** Engines of the group, ascending. */
  engines: readonly number[];
  trafficClassA: number;
  trafficClassB: number;
  useReadBufferLimit: boolean;
  readBuffersReserved: number;
  readBuffersAllowed: number;
  /** 0..3: all, a half, a quarter, an eighth of what an engine can hold. */
  workLimit: number;
  batchLimit: number;
}

/** Numbers of the bits that are set in some words, ascending. */
export function bitsOf(words: readonly number[]): number[] {
  const bits: number[] = [];
  words.forEach((word, index) => {
    for (let rest = word; rest !== 0; rest &= rest - 1) bits.push(index * 32 + 31 - Math.clz32(rest & -rest));
  });
  return bits;
}

/** Words with these bits set. */
export function bitmap(bits: readonly number[], words: number): number[] {
  const map = new Array<number>(words).fill(0);
  for (const bit of bits) map[bit >>> 5] = (map[bit >>> 5]! | (1 << (bit & 31))) >>> 0;
  return map;
}

/** Reads the fields of the sixteen words of a GRPCFG. */
export function decodeGrpcfg(words: readonly number[]): GrpcfgFields {
  const low = words[FLAGS_WORD]!;
  const high = words[FLAGS_WORD + 1]!;
  return {
    workQueues: bitsOf(words.slice(0, ENGINE_WORD)),
    engines: bitsOf(words.slice(ENGINE_WORD, FLAGS_WORD)),
    trafficClassA: low & 7,
    trafficClassB: (low >>> 3) & 7,
    useReadBufferLimit: (low & 0x80) !== 0,
    readBuffersReserved: (low >>> 8) & 0xff,
    readBuffersAllowed: (low >>> 20) & 0xff,
    workLimit: high & 3,
    batchLimit: (high >>> 4) & 3,
  };
}

/** The twelve words that a driver writes: queues, engines, flags. */
export function encodeGrpcfg(fields: GrpcfgFields): number[] {
  const low =
    fields.trafficClassA |
    (fields.trafficClassB << 3) |
    (fields.useReadBufferLimit ? 0x80 : 0) |
    (fields.readBuffersReserved << 8) |
    (fields.readBuffersAllowed << 20);
  return [
    ...bitmap(fields.workQueues, ENGINE_WORD),
    ...bitmap(fields.engines, FLAGS_WORD - ENGINE_WORD),
    low >>> 0,
    fields.workLimit | (fields.batchLimit << 4),
  ];
}

/** Bits of a GRPCFG word that exist; writable while the device is disabled and configurable. */
export function grpcfgBits(index: number): number {
  if (index < FLAGS_WORD) return 0xffff_ffff;
  if (index === FLAGS_WORD) return 0x0ff0_ffbf;
  return index === FLAGS_WORD + 1 ? 0xff33 : 0;
}
