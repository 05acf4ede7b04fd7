import { describe, expect, test } from 'vitest';
import type { DescriptorFields } from '../../src/core/encode-descriptor.js';
import { OperandList } from '../../src/core/operands.js';
import { OPCODE, type OperationName } from '../../src/core/operations.js';
import { descriptorOf } from './bench-subject.js';

const A = 0x1000_0000;
const B = 0x2000_0000;
const C = 0x3000_0000;
const [R, W] = [0, 1];
/** Operand numbers of Fault Info: source, source 2, destination, destination 2. */
const [S1, S2, D1, D2] = [1, 2, 3, 4];

type Row = [field: number, address: number, bytes: number, write: number, alternate?: number];

/** For each operation the operands in order, and what crosses the memory interface [B]. */
const CASES: [OperationName, Omit<DescriptorFields, 'opcode'>, Row[], read: number, written: number][] = [
  ['nop', {}, [], 0, 0],
  ['batch', { source: A, size: 5 }, [[S1, A, 320, R]], 320, 0],
  ['drain', { source: A, destination: B }, [], 0, 0],
  ['drain', { flags: 0x1_0000, source: A, destination: B }, [[S1, A, 1, R]], 1, 0],
  ['drain', { flags: 0x2_0000, source: A, destination: B }, [[S2, B, 1, R]], 1, 0],
  [
    'memmove',
    { source: A, destination: B, size: 70 },
    [
      [S1, A, 70, R],
      [D1, B, 70, W],
    ],
    70,
    70,
  ],
  [
    'memmove',
    { flags: 0x3_0000, source: A, destination: B, size: 70 },
    [
      [S1, A, 70, R],
      [D1, B, 70, W],
    ],
    70,
    70,
  ],
  [
    'dif_strip',
    { source: A, destination: B, size: 32760 },
    [
      [S1, A, 32760, R],
      [D1, B, 32256, W],
    ],
    32760,
    32256,
  ],
  ['fill', { destination: B, size: 70 }, [[D1, B, 70, W]], 0, 70],
  [
    'compare',
    { source: A, destination: B, size: 70 },
    [
      [S1, A, 70, R],
      [S2, B, 70, R],
    ],
    140,
    0,
  ],
  ['compare_pattern', { source: A, size: 70 }, [[S1, A, 70, R]], 70, 0],
  [
    'create_delta',
    { source: A, destination: B, size: 64, deltaAddress: C, maxDeltaBytes: 90 },
    [
      [S1, A, 64, R],
      [S2, B, 64, R],
      [D1, C, 90, W],
    ],
    128,
    90,
  ],
  [
    'apply_delta',
    { source: A, destination: B, size: 64, deltaRecordBytes: 39 },
    [
      [S1, A, 39, R],
      [D1, B, 64, W],
    ],
    39,
    24,
  ],
  [
    'dualcast',
    { source: A, destination: B, destination2: C, size: 70 },
    [
      [S1, A, 70, R],
      [D1, B, 70, W],
      [D2, C, 70, W],
    ],
    70,
    140,
  ],
  ['translation_fetch', { source: A, size: 70 }, [[S1, A, 70, R]], 0, 0],
  ['crc', { source: A, size: 70, crcSeedAddress: C }, [[S1, A, 70, R]], 70, 0],
  [
    'crc',
    { flags: 0x1_0000, source: A, size: 70, crcSeedAddress: C },
    [
      [S1, A, 70, R],
      [S2, C, 4, R],
    ],
    74,
    0,
  ],
  [
    'crc',
    { flags: 0x9_0000, source: A, size: 70, crcSeedAddress: C },
    [
      [S1, A, 70, R],
      [S2, C, 8, R],
    ],
    78,
    0,
  ],
  [
    'copy_crc',
    { source: A, destination: B, size: 70 },
    [
      [S1, A, 70, R],
      [D1, B, 70, W],
    ],
    70,
    70,
  ],
  ['dif_check', { source: A, size: 1040 }, [[S1, A, 1040, R]], 1040, 0],
  [
    'dif_insert',
    { source: A, destination: B, size: 1024 },
    [
      [S1, A, 1024, R],
      [D1, B, 1040, W],
    ],
    1024,
    1040,
  ],
  [
    'dif_strip',
    { source: A, destination: B, size: 1040 },
    [
      [S1, A, 1040, R],
      [D1, B, 1024, W],
    ],
    1040,
    1024,
  ],
  [
    'dif_update',
    { source: A, destination: B, size: 1040 },
    [
      [S1, A, 1040, R],
      [D1, B, 1040, W],
    ],
    1040,
    1040,
  ],
  [
    'dix_generate',
    { source: A, destination: B, size: 1024 },
    [
      [S1, A, 1024, R],
      [D1, B, 16, W],
    ],
    1024,
    16,
  ],
  [
    'dix_generate',
    { source: A, destination: B, size: 8192, difFlags: 2 },
    [
      [S1, A, 8192, R],
      [D1, B, 16, W],
    ],
    8192,
    16,
  ],
  ['cache_flush', { destination: B, size: 70 }, [[D1, B, 70, R]], 0, 0],
  ['update_window', { source: A, destination: B }, [], 0, 0],
  [
    'id_copy',
    { flags: 0x1_0000, source: A, destination: B, size: 70 },
    [
      [S1, A, 70, R, 1],
      [D1, B, 70, W],
    ],
    70,
    70,
  ],
  [
    'id_copy',
    { flags: 0x2_0000, source: A, destination: B, size: 70 },
    [
      [S1, A, 70, R],
      [D1, B, 70, W, 1],
    ],
    70,
    70,
  ],
  ['id_fill', { flags: 0x2_0000, destination: B, size: 70 }, [[D1, B, 70, W, 1]], 0, 70],
  [
    'id_compare',
    { flags: 0x3_0000, source: A, destination: B, size: 70 },
    [
      [S1, A, 70, R, 1],
      [S2, B, 70, R, 1],
    ],
    140,
    0,
  ],
  ['id_compare_pattern', { flags: 0x1_0000, source: A, size: 70 }, [[S1, A, 70, R, 1]], 70, 0],
];

describe('the operands', () => {
  test.each(CASES)('of %s %j', (name, fields, rows, read, written) => {
    const list = new OperandList();
    // What a descriptor with more operands left behind, and where a table entry had moved them, is gone.
    list.from(descriptorOf({ opcode: OPCODE.dualcast, flags: 0x3_0000, source: 7, destination: 8, size: 9 }));
    list.alternate.fill(1);
    list.from(descriptorOf({ opcode: OPCODE[name], ...fields }));
    const found = Array.from({ length: list.count }, (_, i) => [
      ...[list.field[i], list.address[i], list.bytes[i], list.write[i], list.alternate[i]],
    ]);
    expect(found).toEqual(
      rows.map(([field, address, bytes, write, alternate]) => [field, address, bytes, write, alternate ?? 0]),
    );
    expect(list.space.slice(0, list.count).every((space) => space === null)).toBe(true);
    expect([list.bytesRead, list.bytesWritten]).toEqual([read, written]);
  });

  test('are known for every operation', () => {
    expect([...new Set(CASES.map(([name]) => name))].sort()).toEqual(Object.keys(OPCODE).sort());
  });
});
