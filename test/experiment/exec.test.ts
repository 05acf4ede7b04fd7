import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DescriptorFields, encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { OPCODE } from '../../src/core/operations.js';
import { runProgram } from '../../src/experiment/exec.js';
import { loadProgram } from '../../src/workload/exec-load.js';
import { execProgramSchema, ProgramError, readProgram } from '../../src/workload/exec-program.js';
import { type ExecResult, execResultSchema } from '../../src/workload/exec-result.js';
import { jsonSchemaText } from '../../src/workload/json-schema.js';

const RECORD = 0xc;
const DONE = 0x9000;

function hex(fields: DescriptorFields): string {
  const image = new Uint8Array(64);
  encodeDescriptor(fields, image, 0);
  return Buffer.from(image).toString('hex');
}

function run(value: Record<string, unknown>, explains = false): ExecResult {
  const read = readProgram(value);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return execResultSchema.parse(runProgram(read.program, explains));
}

const records = { address: '0x9000', length: 256 };
const nop = (i: number, flags = RECORD): string =>
  hex({ opcode: OPCODE.nop, flags, completionAddress: DONE + 32 * i });
const memmove = hex({
  opcode: OPCODE.memmove,
  flags: RECORD,
  source: 0x1000,
  destination: 0x3000,
  size: 4,
  completionAddress: DONE,
});

describe('a program', () => {
  test('moves bytes and shows them with the record', () => {
    const result = run({
      memory: [{ address: '0x1000', hex: 'deadbeef' }, { address: '0x3000', length: 8, byte: 255 }, records],
      descriptors: [memmove],
      dump: [
        { address: '0x3000', length: 6 },
        { address: '0x9000', length: 8 },
      ],
    });
    expect(result).toEqual({
      submissions: ['accepted'],
      memory: [
        { address: '0x3000', hex: 'deadbeefffff' },
        { address: '0x9000', hex: '0100000000000000' },
      ],
      event_log: [],
      software_error: null,
      interrupts: [],
    });
  });

  test('shows the completion records when it names no dump', () => {
    const result = run({ memory: [records], descriptors: [nop(0), nop(2)] });
    expect(result.memory).toEqual([
      { address: '0x9000', hex: `01${'00'.repeat(31)}` },
      { address: '0x9040', hex: `01${'00'.repeat(31)}` },
    ]);
  });

  test('finds memory that nothing names absent', () => {
    const result = run({ memory: [{ address: '0x3000', length: 1 }, records], descriptors: [memmove] });
    expect(result.memory[0]!.hex.slice(0, 32)).toBe('03000000000000000010000000000000');
  });

  test('brings in a page that is named absent, but only under block on fault', () => {
    const program = (flags: number): ExecResult =>
      run({
        memory: [{ address: '0x1000', hex: 'deadbeef' }, records],
        absent_pages: ['0x3000'],
        work_queue: { block_on_fault: true },
        descriptors: [
          hex({
            opcode: OPCODE.memmove,
            flags,
            source: 0x1000,
            destination: 0x3000,
            size: 4,
            completionAddress: DONE,
          }),
        ],
        dump: [
          { address: '0x3000', length: 4 },
          { address: '0x9000', length: 1 },
        ],
      });
    expect(program(RECORD).memory.map((piece) => piece.hex)).toEqual(['00000000', '83']);
    expect(program(RECORD | 2).memory.map((piece) => piece.hex)).toEqual(['deadbeef', '01']);
  });

  test('holds descriptors to show thresholds, retries and overflows', () => {
    const shared = {
      memory: [records],
      address_spaces: [{ pasid: 0, memory: [records] }],
      work_queue: { mode: 'shared', size: 2, threshold: 1 },
      descriptors: [0, 1, 2, 3, 4].map((i) => nop(i)),
    };
    const hold = { hold: true };
    const unlimited = { portal: 'unlimited', hold: true };
    expect(
      run({ ...shared, submissions: [hold, hold, unlimited, unlimited, { with: 'movdir64b' }] }).submissions,
    ).toEqual(['accepted', 'retry', 'accepted', 'retry', 'ignored']);
    const dedicated = { memory: [records], work_queue: { size: 1 }, descriptors: [nop(0), nop(1), nop(2)] };
    const result = run({ ...dedicated, submissions: [hold, hold, { with: 'enqcmd' }] });
    expect(result.submissions).toEqual(['accepted', 'dropped', 'retry']);
    expect(result.software_error).toMatchObject({
      code: 0x53,
      status: 'work_queue_overflow',
      overflow: false,
    });
    expect(result.memory[0]!.hex.slice(0, 2)).toBe('01');
  });

  test('executes held descriptors in the end', () => {
    const result = run({ memory: [records], descriptors: [nop(0), nop(1)], submissions: [{ hold: true }] });
    expect(result.memory.map(({ hex: text }) => text.slice(0, 2))).toEqual(['01', '01']);
  });

  test('lists interrupts, and knows which handles are valid', () => {
    const rci = (handle: number): string =>
      hex({ opcode: OPCODE.nop, flags: RECORD | 0x10, completionAddress: DONE, interruptHandle: handle });
    const program = { memory: [records], descriptors: [rci(8), rci(9), rci(3)] };
    expect(run(program).interrupts).toEqual([
      { handle: 8, message_store: false },
      { handle: 3, message_store: false },
    ]);
    const submissions = [{ message_store: true }];
    expect(run({ ...program, submissions }).interrupts).toEqual([
      { handle: 8, message_store: true },
      { handle: 3, message_store: false },
    ]);
    expect(run(program).software_error).toMatchObject({ code: 0x19, interrupt_handle: 9 });
    const table = {
      size: 10,
      handles: [
        { handle: 8, revoked: true },
        { handle: 9, pasid: 7 },
        { handle: 3, ignored: true },
      ],
    };
    expect(run({ ...program, interrupt_table: table }).interrupts).toEqual([]);
  });

  test('logs events on revision 2.0', () => {
    const program = { generation: '2.0', descriptors: [nop(0)] };
    const entry = run(program).event_log[0]!;
    expect(entry).toMatchObject({
      code: 0x1a,
      status: 'cra_xlat',
      operation: 'nop',
      address: '0x9000',
      write: true,
      operand: 5,
    });
    expect(entry.record).toBe(`01${'00'.repeat(31)}`);
    expect(run({ ...program, event_log: 0 })).toMatchObject({
      event_log: [],
      software_error: { code: 0x1a },
    });
  });

  test('reaches other address spaces through the permissions table', () => {
    const copy = hex({
      opcode: OPCODE.id_copy,
      flags: RECORD | 0x1_0000,
      source: 0x10,
      destination: 0x3000,
      size: 4,
      sourceHandle: 3,
      completionAddress: DONE,
    });
    const result = run({
      generation: '2.0',
      memory: [{ address: '0x3000', length: 1 }, records],
      address_spaces: [{ pasid: 2, memory: [{ address: '0x5010', hex: '01020304' }] }],
      idpt: [{ handle: 3, access_pasid: 2, window: { base: '0x5000', length: 64, offset_mode: true } }],
      descriptors: [copy],
      dump: [
        { address: '0x3000', length: 4 },
        { address: '0x5010', length: 4, pasid: 2 },
      ],
    });
    expect(result.memory.map(({ hex: text }) => text)).toEqual(['01020304', '01020304']);
  });

  test('breaks pages, each in its way', () => {
    const program = {
      memory: [{ address: '0x1000', hex: 'deadbeef' }, { address: '0x3000', length: 8 }, records],
      descriptors: [memmove.replace('0c000003', '0c400003')],
      dump: [
        { address: '0x3000', length: 4 },
        { address: '0x9000', length: 16 },
      ],
    };
    expect(memmove).toContain('0c000003');
    const ended = (changes: Record<string, unknown>): string[] =>
      run({ ...program, ...changes }).memory.map((piece) => piece.hex);
    const record = (status: string): string => status.padEnd(32, '0');
    expect(ended({})).toEqual(['deadbeef', record('01')]);
    expect(ended({ poisoned_pages: ['0x1fff'] })).toEqual(['00000000', record('20')]);
    expect(ended({ poisoned_pages: ['0x3000'] })).toEqual(['deadbeef', record('21')]);
    expect(ended({ untranslatable_pages: ['0x1000'] })).toEqual(['00000000', record('22')]);
    const without = { absent_pages: ['0x1000'], work_queue: { address_translation: false } };
    expect(ended(without)).toEqual(['00000000', record('20')]);
  });

  test('masks operations', () => {
    const result = run({
      memory: [records],
      work_queue: { operations: [OPCODE.nop] },
      descriptors: [memmove],
    });
    expect(result.memory[0]!.hex.slice(0, 2)).toBe('10');
  });

  test('explains itself', () => {
    const result = run({ memory: [records], descriptors: [memmove, memmove.replace('03', '99')] }, true);
    expect(result.explanation).toEqual([
      '0: memmove: source 0x1000, destination 0x3000, size 4, record 0x9000, flags completion_record_address_valid request_completion_record',
      expect.stringContaining('   bad_opcode (0x10)'),
      expect.stringContaining('1: opcode_0x99: '),
      expect.stringContaining('   bad_opcode (0x10)'),
    ]);
  });
});

describe('a program that makes no sense', () => {
  const problems = (value: unknown): string[] => {
    const read = readProgram(value);
    return 'problems' in read
      ? read.problems.map(({ path, message }) => `${path.join('.')}: ${message}`)
      : [];
  };

  test.each<[unknown, string | RegExp]>([
    [7, /^: invalid input/],
    [{ descriptor: [] }, /^: unrecognized key/],
    [{ descriptors: ['00'] }, 'descriptors.0: expected 128 hexadecimal digits'],
    [{ descriptors: [17] }, 'descriptors.0: expected hexadecimal digits in quotes'],
    [{ memory: [{ address: '4096', hex: '00' }] }, /^memory\.0\.address: /],
    [
      { memory: [{ address: '0x10000000000000', hex: '00' }] },
      'memory.0.address: expected an address below 2^52',
    ],
    [{ memory: [{ address: '0x1000', hex: '0' }] }, 'memory.0.hex: expected pairs of hexadecimal digits'],
    [{ memory: [{ address: '0x1000', length: 0 }] }, /^memory\.0\.length: /],
    [{ work_queue: { size: 129 } }, /^work_queue\.size: /],
    [
      { memory: [{ address: '0xffffffffffff8', length: 9 }] },
      'memory.0: reaches beyond the last address, 2^52 - 1',
    ],
    [
      { address_spaces: [{ pasid: 2, memory: [{ address: '0xfffffffffffff', hex: '0000' }] }] },
      'address_spaces.0.memory.0: reaches beyond the last address, 2^52 - 1',
    ],
    [{ submissions: [{}] }, 'submissions: more submissions than descriptors'],
    [{ address_spaces: [{ pasid: 1 }] }, 'address_spaces.0.pasid: PASID 1 has an address space already'],
    [{ dump: [{ address: '0x1000', length: 1, pasid: 9 }] }, 'dump.0.pasid: PASID 9 has no address space'],
    [
      {
        dump: [
          { address: '0x0', length: 268435456 },
          { address: '0x0', length: 1 },
        ],
      },
      'dump: more than 268435456 bytes in all',
    ],
  ])('%j', (value, expected) => {
    const found = problems(value);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(expected);
    else expect(found[0]).toMatch(expected);
  });

  test('may use the last page there is', () => {
    const memory = [{ address: '0xffffffffffff8', hex: '0102030405060708' }];
    const dump = [{ address: '0xffffffffffffc', length: 4 }];
    expect(run({ memory, dump }).memory[0]!.hex).toBe('05060708');
  });

  test('names a record where no page can be, and gets none', () => {
    const descriptors = [
      hex({ opcode: OPCODE.nop, flags: RECORD, completionAddress: 0xffff_0000_0000_0000 }),
    ];
    const result = run({ descriptors });
    expect(result.memory).toEqual([]);
    expect(result.software_error).toMatchObject({ code: 0x1a, address: '0xffff000000000000' });
  });

  test('cannot dump memory that does not exist', () => {
    const program = { memory: [{ address: '0x1000', length: 1 }], dump: [{ address: '0x1fff', length: 2 }] };
    expect(() => run(program)).toThrow(ProgramError);
    expect(() => run(program)).toThrow(/2 bytes at 0x1fff/);
  });

  test('in a file is shown at its place', () => {
    const text = 'memory:\n  - { address: 0x1000, length: 0 }\nwork_queue: { mode: shraed }\n';
    expect(() => loadProgram('bad.yaml', () => text)).toThrow(/bad\.yaml:2:32[\s\S]*bad\.yaml:3:21/);
    expect(() => loadProgram('none.yaml', () => '')).toThrow(/W002/);
    expect(loadProgram('good.yaml', () => 'descriptors: []\n').work_queue.size).toBe(16);
  });
});

test('the example program stops at the absent page, and brings it in under block on fault', () => {
  const program = loadProgram(new URL('../../workloads/programs/memmove.yaml', import.meta.url).pathname);
  const result = runProgram(program, true);
  expect(result.memory).toEqual([{ address: '0x20000', hex: '00112233445566778899aabbccddeeff' }]);
  expect(result.explanation![1]).toBe(
    '   page_fault_nobof (0x03), 8 bytes completed, read fault at 0x11000, ' +
      'A page fault stopped the operation part-way; block on fault was off.',
  );
  expect(result.explanation![3]).toBe('   success (0x01), The operation completed.');
});

test('the example of broken pages meets each of their statuses', () => {
  const program = loadProgram(
    new URL('../../workloads/programs/broken-pages.yaml', import.meta.url).pathname,
  );
  const said = runProgram(program, true).explanation!.filter((_, line) => line % 2 === 1);
  const names = ['hw_err1 (0x20)', 'success (0x01)', 'hw_err_drb (0x21)', 'translation_fail (0x22)'];
  expect(said).toEqual(names.map((name) => expect.stringContaining(`   ${name}`)));
});

test('the committed JSON Schemas are what the code would write', () => {
  const committed = (file: string): string =>
    readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8');
  expect(committed('exec-program.schema.json')).toBe(jsonSchemaText(execProgramSchema, 'exec-program'));
  expect(committed('exec-result.schema.json')).toBe(jsonSchemaText(execResultSchema, 'exec-result'));
});

describe('whatever a program asks for', () => {
  const address = fc.constantFrom('0x0', '0x1000', '0x1ff0', '0x3000', '0x100000000', '0xfffffffffffff');
  const quadword = fc.oneof(
    address.map(BigInt),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0n, 64n, 512n, 520n, 4096n),
  );
  /** Eight quadwords of which many mean something, with a known operation more often than not. */
  const descriptor = fc
    .tuple(fc.array(quadword, { minLength: 8, maxLength: 8 }), fc.nat(0x2f), fc.boolean())
    .map(([quadwords, opcode, plain]) => {
      const bytes = Buffer.alloc(64);
      for (const [i, value] of quadwords.entries()) bytes.writeBigUInt64LE(value, 8 * i);
      if (plain) bytes.writeBigUInt64LE((BigInt(opcode) << 56n) | (BigInt(RECORD) << 32n) | 1n, 0);
      return bytes.toString('hex');
    });
  const contents = {
    memory: fc.array(fc.record({ address, length: fc.integer({ min: 1, max: 9000 }) }), { maxLength: 4 }),
    absent_pages: fc.array(address, { maxLength: 2 }),
    poisoned_pages: fc.array(address, { maxLength: 1 }),
    untranslatable_pages: fc.array(address, { maxLength: 1 }),
  };
  const program = fc.record({
    ...contents,
    generation: fc.constantFrom('1.0', '2.0'),
    address_spaces: fc.array(fc.record({ pasid: fc.constant(2), ...contents }), { maxLength: 1 }),
    work_queue: fc.record({
      mode: fc.constantFrom('dedicated', 'shared'),
      size: fc.constantFrom(1, 16),
      block_on_fault: fc.boolean(),
      address_translation: fc.boolean(),
      pasid_enable: fc.boolean(),
    }),
    page_requests: fc.boolean(),
    event_log: fc.constantFrom(0, 2, 64),
    idpt: fc.constantFrom([], [{ handle: 0, access_pasid: 2, allow_update: true }]),
    descriptors: fc.array(descriptor, { maxLength: 4 }),
  });

  test('it gets a result or a message', () => {
    fc.assert(
      fc.property(program, fc.boolean(), (value, explains) => {
        const read = readProgram(value);
        if ('problems' in read) return;
        try {
          expect(runProgram(read.program, explains).submissions).toHaveLength(value.descriptors.length);
        } catch (error) {
          if (!(error instanceof ProgramError)) throw error;
        }
      }),
      { numRuns: 1000, seed: 20281 },
    );
  });
});
