/**
 * The program that `dsasim exec` runs: memory, one work queue, descriptors as the device would receive them, and what
 * to show of the memory afterwards. YAML for people, one JSON object a line for `--ndjson`.
 */
import { z } from 'zod';
import { capabilitiesOf } from '../core/capabilities.js';

/** First address that is never mapped: 2^52 [B]. */
const ADDRESS_LIMIT = 4503599627370496;
/** Most memory that a program may name or dump [B]. */
const PROGRAM_BYTES = 268435456;

const address = z
  .union([
    z.string().regex(/^0x[0-9a-fA-F]{1,16}$/, 'expected an address such as "0x10000"'),
    z.int().nonnegative(),
  ])
  .transform((value, context) => {
    const parsed = Number(value);
    if (parsed < ADDRESS_LIMIT) return parsed;
    context.addIssue({ code: 'custom', message: 'expected an address below 2^52' });
    return z.NEVER;
  });

const hexText = z.string('expected hexadecimal digits in quotes');
const pasid = z.int().min(0).max(0xf_ffff);

const memoryEntry = z
  .union([
    z.strictObject({
      address: address.describe('Where the bytes begin.'),
      hex: hexText
        .regex(/^([0-9a-fA-F]{2})+$/, 'expected pairs of hexadecimal digits')
        .describe('The bytes.'),
    }),
    z.strictObject({
      address: address.describe('Where the bytes begin.'),
      length: z.int().min(1).max(PROGRAM_BYTES).describe('How many bytes [B].'),
      byte: z.int().min(0).max(255).default(0).describe('The value of each.'),
    }),
  ])
  .describe('Content of memory; the rest of a page that it touches reads as zero.');

const contents = {
  memory: z.array(memoryEntry).default([]).describe('What memory holds at the start.'),
  absent_pages: z
    .array(address)
    .default([])
    .describe(
      'Pages that exist but are absent: a page request brings them in. A page that nothing names does not exist.',
    ),
  poisoned_pages: z
    .array(address)
    .default([])
    .describe('Pages that exist and take writes, but answer reads with an error (statuses 0x20 and 0x21).'),
  untranslatable_pages: z
    .array(address)
    .default([])
    .describe('Pages that exist, but whose translation ends in an error (status 0x22).'),
};

const workQueue = z
  .strictObject({
    mode: z
      .enum(['dedicated', 'shared'])
      .default('dedicated')
      .describe('Dedicated takes MOVDIR64B, shared ENQCMD.'),
    size: z.int().min(1).max(128).default(16).describe('Entries.'),
    threshold: z
      .int()
      .min(1)
      .max(128)
      .optional()
      .describe('Entries that limited portals may use; default: all.'),
    page_requests: z
      .boolean()
      .default(true)
      .describe('Whether the queue may request absent pages, where the device may.'),
    address_translation: z
      .boolean()
      .default(true)
      .describe(
        'Whether address translation services are on; without them there are no page requests either.',
      ),
    block_on_fault: z.boolean().default(false).describe('Whether descriptors may set Block On Fault.'),
    max_transfer: z
      .int()
      .min(1)
      .max(2147483648)
      .optional()
      .describe("Largest transfer [B]; default: the device's."),
    max_batch: z.int().min(1).max(1024).optional().describe("Largest batch; default: the device's."),
    pasid: pasid
      .default(1)
      .describe('PASID of a dedicated queue; a shared one takes it from the descriptor.'),
    pasid_enable: z.boolean().default(true).describe('Whether the queue works with PASIDs.'),
    privileged: z.boolean().default(false).describe('Privilege of a dedicated queue.'),
    operations: z
      .array(z.int().min(0).max(255))
      .optional()
      .describe('Operation codes that the queue allows; default: all of the device.'),
    traffic_classes: z
      .tuple([z.int().min(0).max(7), z.int().min(0).max(7)])
      .default([0, 0])
      .describe('Classes A and B.'),
  })
  .describe('The work queue that every descriptor goes to.');

const submission = z.strictObject({
  portal: z.enum(['limited', 'unlimited']).default('limited').describe('Kind of portal page.'),
  with: z.enum(['enqcmd', 'movdir64b']).optional().describe('Instruction; default: the one of the queue.'),
  hold: z
    .boolean()
    .default(false)
    .describe('Leave it in the queue until all others are submitted, then execute it.'),
  message_store: z.boolean().default(false).describe('Use a portal of the interrupt message store.'),
});

const domain = z.strictObject({
  handle: z.int().min(0).max(0xffff).describe('Number of the entry.'),
  submitter_pasid: pasid.default(1).describe('Who may name it.'),
  access_pasid: pasid.describe('Whose memory it opens.'),
  usable: z.boolean().default(true).describe('Usable bit.'),
  allow_update: z.boolean().default(false).describe('Whether Update Window may change it.'),
  read: z.boolean().default(true).describe('Read permission.'),
  write: z.boolean().default(true).describe('Write permission.'),
  window: z
    .strictObject({
      base: address.describe('Where it begins.'),
      length: z.int().min(1).describe('How long it is [B].'),
      offset_mode: z.boolean().default(false).describe('Addresses in descriptors are offsets into it.'),
    })
    .optional()
    .describe('Window that accesses must stay in; default: none.'),
});

const interruptHandle = z.strictObject({
  handle: z.int().min(0).max(0xffff).describe('The handle.'),
  pasid: pasid.nullable().optional().describe('The only PASID that may use it; null: queues without one.'),
  revoked: z.boolean().default(false).describe('Descriptors that name it fail.'),
  ignored: z.boolean().default(false).describe('Its interrupts are dropped.'),
});

/** The schema of a program. */
export const execProgramSchema = z.strictObject({
  generation: z.enum(['1.0', '2.0']).default('1.0').describe('Architecture revision of the device.'),
  ...contents,
  address_spaces: z
    .array(z.strictObject({ pasid: pasid.describe('Whose it is.'), ...contents }))
    .default([])
    .describe(
      'Memory of other PASIDs; `memory` and the lists of pages above belong to the one of the work queue.',
    ),
  work_queue: workQueue.prefault({}),
  page_requests: z.boolean().default(true).describe('Whether the device may request absent pages.'),
  user_interrupts: z
    .boolean()
    .default(true)
    .describe('Whether unprivileged descriptors may ask for interrupts.'),
  privileged_mode: z.boolean().default(true).describe('Whether shared queues take privileged descriptors.'),
  event_log: z
    .int()
    .min(0)
    .max(65535)
    .default(64)
    .describe('Entries of the event log, from revision 2.0 on; 0: off.'),
  interrupt_table: z
    .strictObject({
      size: z.int().min(0).max(2048).default(9).describe('Handles below it are valid.'),
      handles: z.array(interruptHandle).default([]).describe('Handles that are special.'),
    })
    .prefault({})
    .describe('Completion interrupt handles.'),
  idpt: z.array(domain).default([]).describe('Inter-domain permissions table, from revision 2.0 on.'),
  descriptors: z
    .array(hexText.regex(/^[0-9a-fA-F]{128}$/, 'expected 128 hexadecimal digits'))
    .default([])
    .describe('Descriptors in order; each completes before the next unless it is held.'),
  submissions: z
    .array(submission)
    .default([])
    .describe('How descriptor n is submitted; the rest take the defaults.'),
  dump: z
    .array(
      z.strictObject({
        address: address.describe('Where to begin.'),
        length: z.int().min(1).max(PROGRAM_BYTES).describe('How many bytes [B].'),
        pasid: pasid.optional().describe("Address space; default: the work queue's."),
      }),
    )
    .optional()
    .describe('Memory to show in the end; default: the completion records.'),
});

/** A program with all defaults filled in. */
export type ExecProgram = z.output<typeof execProgramSchema>;

/** A program that cannot be run. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What is wrong with a program: a path into it and words. */
export interface ProgramProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Checks a program's shape and what the shape cannot say. */
export function readProgram(value: unknown): { program: ExecProgram } | { problems: ProgramProblem[] } {
  const parsed = execProgramSchema.safeParse(value);
  if (!parsed.success) return { problems: parsed.error.issues.flatMap((issue) => flatten(issue, [])) };
  const program = parsed.data;
  const problems = [...limitProblems(program), ...submissionProblems(program), ...pasidProblems(program)];
  return problems.length > 0 ? { problems } : { program };
}

type Issue = z.core.$ZodIssue;

/** Problems of an issue; of a union, those of the alternative that comes closest. */
function flatten(issue: Issue, prefix: ProgramProblem['path']): ProgramProblem[] {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.reduce((best, errors) => (weight(errors) < weight(best) ? errors : best));
    return closest.flatMap((inner) => flatten(inner, path));
  }
  return [{ path, message: issue.message.charAt(0).toLowerCase() + issue.message.slice(1) }];
}

function weight(errors: readonly Issue[]): number {
  return errors.reduce((sum, e) => sum + (e.code === 'invalid_type' ? 2 : 1), 0);
}

function limitProblems(program: ExecProgram): ProgramProblem[] {
  const limits = capabilitiesOf(program.generation);
  const queue = program.work_queue;
  const problems: ProgramProblem[] = [];
  if ((queue.max_transfer ?? 1) > limits.maxTransferBytes) {
    problems.push({ path: ['work_queue', 'max_transfer'], message: `at most ${limits.maxTransferBytes}` });
  }
  const bytes = [program, ...program.address_spaces]
    .flatMap(({ memory }) => memory)
    .reduce((sum, entry) => sum + sizeOf(entry), 0);
  const spaces: [ProgramProblem['path'], ExecProgram['memory']][] = [
    [[], program.memory],
    ...program.address_spaces.map(({ memory }, i): [ProgramProblem['path'], ExecProgram['memory']] => [
      ['address_spaces', i],
      memory,
    ]),
  ];
  for (const [path, memory] of spaces) {
    for (const [i, entry] of memory.entries()) {
      if (entry.address + sizeOf(entry) <= ADDRESS_LIMIT) continue;
      problems.push({ path: [...path, 'memory', i], message: 'reaches beyond the last address, 2^52 - 1' });
    }
  }
  const dumped = (program.dump ?? []).reduce((sum, { length }) => sum + length, 0);
  if (bytes > PROGRAM_BYTES)
    problems.push({ path: ['memory'], message: `more than ${PROGRAM_BYTES} bytes in all` });
  if (dumped > PROGRAM_BYTES)
    problems.push({ path: ['dump'], message: `more than ${PROGRAM_BYTES} bytes in all` });
  return problems;
}

/** Bytes of a memory entry [B]. */
export function sizeOf(entry: ExecProgram['memory'][number]): number {
  return 'hex' in entry ? entry.hex.length / 2 : entry.length;
}

function submissionProblems(program: ExecProgram): ProgramProblem[] {
  const more = program.submissions.length > program.descriptors.length;
  return more ? [{ path: ['submissions'], message: 'more submissions than descriptors' }] : [];
}

function pasidProblems(program: ExecProgram): ProgramProblem[] {
  const seen = new Set([program.work_queue.pasid]);
  const problems: ProgramProblem[] = [];
  for (const [i, space] of program.address_spaces.entries()) {
    if (seen.has(space.pasid)) {
      problems.push({
        path: ['address_spaces', i, 'pasid'],
        message: `PASID ${space.pasid} has an address space already`,
      });
    }
    seen.add(space.pasid);
  }
  for (const [i, { pasid: wanted }] of (program.dump ?? []).entries()) {
    if (wanted !== undefined && !seen.has(wanted)) {
      problems.push({ path: ['dump', i, 'pasid'], message: `PASID ${wanted} has no address space` });
    }
  }
  return problems;
}
