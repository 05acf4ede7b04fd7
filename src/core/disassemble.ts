/** Descriptors and completion records in words, for people and for error messages. */
import type { CompletionRecord } from './completion-record.js';
import type { Descriptor } from './descriptor.js';
import { difBlockBytes } from './dif-format.js';
import { FLAG, OPERATION_FLAG } from './flags.js';
import { OPCODE, operationName } from './operations.js';
import { STATUS, statusName, statusSentence } from './status.js';

const OWN_FLAGS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  [OPCODE.batch]: OPERATION_FLAG.batch,
  [OPCODE.drain]: OPERATION_FLAG.drain,
  [OPCODE.fill]: OPERATION_FLAG.fill,
  [OPCODE.translation_fetch]: OPERATION_FLAG.translation_fetch,
  [OPCODE.crc]: OPERATION_FLAG.crc,
  [OPCODE.copy_crc]: OPERATION_FLAG.crc,
  [OPCODE.update_window]: OPERATION_FLAG.update_window,
  [OPCODE.id_copy]: OPERATION_FLAG.inter_domain,
  [OPCODE.id_fill]: OPERATION_FLAG.inter_domain,
  [OPCODE.id_compare]: OPERATION_FLAG.inter_domain,
  [OPCODE.id_compare_pattern]: OPERATION_FLAG.inter_domain,
};

/** The flags of an operation by name, in ascending order of bit; reserved ones as `reserved_bit_n`. */
export function flagNames(opcode: number, flags: number): string[] {
  const known = [...Object.entries(FLAG), ...Object.entries(OWN_FLAGS[opcode] ?? {})];
  const names: string[] = [];
  for (let bit = 0; bit < 24; bit++) {
    const mask = 1 << bit;
    if ((flags & mask) === 0) continue;
    names.push(known.find(([, value]) => value === mask)?.[0] ?? `reserved_bit_${bit}`);
  }
  return names;
}

/** An address, or another number that people read in hexadecimal. */
function hexadecimal(value: number): string {
  return `0x${value.toString(16)}`;
}

function pattern(d: Descriptor, offset: number): string {
  return `0x${Array.from(d.bytes.subarray(offset, offset + 8), byteDigits)
    .reverse()
    .join('')}`;
}

function byteDigits(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** The operation's own fields, as name and text. */
function operandFields(d: Descriptor): [string, string][] {
  const source: [string, string] = ['source', hexadecimal(d.source)];
  const destination: [string, string] = ['destination', hexadecimal(d.destination)];
  const size: [string, string] = ['size', `${d.size}`];
  switch (d.opcode) {
    case OPCODE.nop:
      return [];
    case OPCODE.batch:
      return [
        ['descriptors', hexadecimal(d.source)],
        ['count', `${d.size}`],
      ];
    case OPCODE.drain:
      return [
        ['readback 1', hexadecimal(d.source)],
        ['readback 2', hexadecimal(d.destination)],
      ];
    case OPCODE.fill:
    case OPCODE.id_fill: {
      const wide = d.has(OPERATION_FLAG.fill.pattern_16_bytes);
      const text = wide ? `${pattern(d, 16)}, ${pattern(d, 40)}` : pattern(d, 16);
      return [['pattern', text], destination, size];
    }
    case OPCODE.compare:
    case OPCODE.id_compare:
      return [['source 1', hexadecimal(d.source)], ['source 2', hexadecimal(d.destination)], size];
    case OPCODE.compare_pattern:
    case OPCODE.id_compare_pattern:
      return [source, ['pattern', pattern(d, 24)], size];
    case OPCODE.create_delta:
      return [
        ['source 1', hexadecimal(d.source)],
        ['source 2', hexadecimal(d.destination)],
        size,
        ['delta record', hexadecimal(d.deltaAddress)],
        ['at most', `${d.maxDeltaBytes}`],
      ];
    case OPCODE.apply_delta:
      return [['delta record', hexadecimal(d.source)], ['of', `${d.deltaRecordBytes}`], destination, size];
    case OPCODE.dualcast:
      return [source, destination, ['destination 2', hexadecimal(d.destination2)], size];
    case OPCODE.translation_fetch:
      return [['region', hexadecimal(d.source)], size, ['stride', `${d.regionStrideBytes}`]];
    case OPCODE.crc:
      return [source, size, ...seedField(d)];
    case OPCODE.copy_crc:
      return [source, destination, size, ...seedField(d)];
    case OPCODE.dif_check:
      return [source, size, ['block', `${difBlockBytes(d.difFlags)}`]];
    case OPCODE.dif_insert:
    case OPCODE.dif_strip:
    case OPCODE.dif_update:
    case OPCODE.dix_generate:
      return [source, destination, size, ['block', `${difBlockBytes(d.difFlags)}`]];
    case OPCODE.cache_flush:
      return [destination, size];
    case OPCODE.update_window:
      return [
        ['window', hexadecimal(d.source)],
        ['bytes', hexadecimal(d.destination)],
        ['handle', `${d.destinationHandle}`],
      ];
    default:
      return [source, destination, size];
  }
}

function seedField(d: Descriptor): [string, string][] {
  if (d.has(OPERATION_FLAG.crc.read_seed)) return [['seed at', hexadecimal(d.crcSeedAddress)]];
  const high = d.has(OPERATION_FLAG.crc.crc64) ? d.crcSeedHigh.toString(16).padStart(8, '0') : '';
  return [['seed', `0x${high}${d.crcSeed.toString(16).padStart(8, '0')}`]];
}

/** One line about a descriptor: operation, fields, flags, and where it reports. */
export function describeDescriptor(d: Descriptor): string {
  const parts = operandFields(d).map(([name, text]) => `${name} ${text}`);
  if (d.has(FLAG.completion_record_address_valid)) parts.push(`record ${hexadecimal(d.completionAddress)}`);
  if (d.has(FLAG.request_completion_interrupt)) parts.push(`interrupt ${d.interruptHandle}`);
  const flags = flagNames(d.opcode, d.flags);
  if (flags.length > 0) parts.push(`flags ${flags.join(' ')}`);
  return [operationName(d.opcode), parts.join(', ')].filter((part) => part !== '').join(': ');
}

/** One line about a completion record. @param opcode operation that it belongs to */
export function describeRecord(record: CompletionRecord, opcode: number): string {
  const { status } = record;
  if (status === 0) return 'not written';
  const code = `0x${byteDigits(status)}`;
  const parts: string[] = [];
  if (record.result !== 0) parts.push(`result ${record.result}`);
  if (record.bytesCompleted !== 0) {
    parts.push(`${record.bytesCompleted} ${opcode === OPCODE.batch ? 'descriptors' : 'bytes'} completed`);
  }
  if (record.faultAddress !== 0) {
    parts.push(`${record.writeFault ? 'write' : 'read'} fault at ${hexadecimal(record.faultAddress)}`);
  }
  parts.push(...tailOf(record, opcode));
  return [`${statusName(status)} (${code})`, ...parts, statusSentence(status)].join(', ');
}

function tailOf(record: CompletionRecord, opcode: number): string[] {
  if (record.status === STATUS.invalid_flags) {
    return [`invalid flags ${flagNames(opcode, record.invalidFlags).join(' ')}`];
  }
  if (record.status >= STATUS.bad_opcode) return [];
  switch (opcode) {
    case OPCODE.crc:
    case OPCODE.copy_crc:
      return [
        `crc 0x${(record.crcHigh === 0 ? '' : record.crcHigh.toString(16)) + record.crc.toString(16).padStart(8, '0')}`,
      ];
    case OPCODE.create_delta:
      return [`delta record of ${record.deltaRecordBytes} bytes`];
    case OPCODE.dif_check:
    case OPCODE.dif_strip:
      return [`next reference tag ${hexadecimal(record.sourceReferenceTag)}`];
    case OPCODE.dif_insert:
    case OPCODE.dif_update:
    case OPCODE.dix_generate:
      return [`next reference tag ${hexadecimal(record.destinationReferenceTag)}`];
    default:
      return [];
  }
}
