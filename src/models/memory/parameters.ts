/**
 * Constants of memory beyond the device that the calibration set measures with: far memory, and several devices on one
 * memory system. No measured row depends on any of them: results that do are labelled unvalidated.
 */
import { gigabytesPerSecond, ns, type ParameterDeclaration } from '../parameter.js';

const MIB = 1024 * 1024;

export const MEMORY_PARAMETERS = [
  {
    name: 'memory.remote_latency',
    dimension: 'time',
    low: ns(200),
    nominal: ns(261),
    high: ns(400),
    notBelow: 'memory.dram_latency',
    sentence: 'Time a read of one line from the memory of another socket holds a read buffer. Unvalidated.',
    source: 'no published figure for a device; local memory plus about 100 ns for a hop between sockets',
    trust: 'assumed',
  },
  {
    name: 'memory.cxl_latency',
    dimension: 'time',
    low: ns(250),
    nominal: ns(349),
    high: ns(600),
    notBelow: 'memory.dram_latency',
    sentence: 'Time a read of one line from CXL memory holds a read buffer. Unvalidated.',
    source: 'DSA-2LM: 112 ns to local memory and about 300 ns to CXL from a core; the difference is added',
    trust: 'derived',
  },
  {
    name: 'memory.dram_bandwidth',
    dimension: 'bandwidth',
    low: gigabytesPerSecond(130),
    nominal: gigabytesPerSecond(150),
    high: gigabytesPerSecond(300),
    sentence:
      'Bytes per second, read and written together, that all devices of a socket move to and from its memory. Unvalidated.',
    source:
      'assumed so that copies of two devices fit (126 GB/s) and those of three do not; eight channels of DDR5-4800 carry 307 GB/s',
    trust: 'assumed',
  },
  {
    name: 'memory.remote_bandwidth',
    dimension: 'bandwidth',
    low: gigabytesPerSecond(40),
    nominal: gigabytesPerSecond(90),
    high: gigabytesPerSecond(150),
    sentence: 'The same to and from the memory of another socket. Unvalidated.',
    source: 'no published figure for a device; below what three links between sockets carry',
    trust: 'assumed',
  },
  {
    name: 'memory.cxl_bandwidth',
    dimension: 'bandwidth',
    low: gigabytesPerSecond(15),
    nominal: gigabytesPerSecond(40),
    high: gigabytesPerSecond(60),
    sentence: 'The same to and from CXL memory. Unvalidated.',
    source: 'no published figure for a device; below the 64 GB/s of sixteen lanes at 32 GT/s',
    trust: 'assumed',
  },
  {
    name: 'memory.peer_latency',
    dimension: 'time',
    low: ns(500),
    nominal: ns(900),
    high: ns(1500),
    notBelow: 'memory.dram_latency',
    sentence:
      'Time a read of one line from the registers of another device holds a read buffer (P2P). Unvalidated.',
    source: 'no published figure; a core reads a register of an add-in card in 800 to 1000 ns (cost E09)',
    trust: 'assumed',
  },
  {
    name: 'memory.peer_bandwidth',
    dimension: 'bandwidth',
    low: gigabytesPerSecond(5),
    nominal: gigabytesPerSecond(12),
    high: gigabytesPerSecond(25),
    sentence: 'Bytes per second, read and written together, to and from another device. Unvalidated.',
    source: 'no published figure; sixteen lanes of PCIe at 8 or 16 GT/s carry 16 or 32 GB/s each way',
    trust: 'assumed',
  },
  {
    name: 'memory.device_cache',
    dimension: 'size',
    low: 2 * MIB,
    nominal: 8 * MIB,
    high: 64 * MIB,
    sentence:
      'Part of the last-level cache that devices may allocate: destinations beyond it are written on to memory. Unvalidated.',
    source: 'no published figure; two of the 15 ways of 60 MiB, as devices have by default',
    trust: 'assumed',
  },
] as const satisfies readonly ParameterDeclaration[];
