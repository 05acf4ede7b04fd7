/** What `dsasim exec` answers for a program. */
import { z } from 'zod';

const hex = z.string().regex(/^[0-9a-f]*$/);
const address = z.string().regex(/^0x[0-9a-f]+$/);

const report = z.strictObject({
  code: z.int().describe('Status code of the report.'),
  status: z.string().describe("The code's name."),
  operation: z.string().describe('Operation of the descriptor.'),
  pasid: z.int().describe('PASID of the descriptor.'),
  privileged: z.boolean().describe('Privilege of the descriptor.'),
  batch_index: z.int().nullable().describe('Its place in a batch, or null.'),
  address: address.describe('Faulting address, or that of the completion record.'),
  write: z.boolean().describe('Whether the faulting access was a write.'),
  operand: z.int().describe('Faulting operand as Fault Info numbers it.'),
  invalid_flags: z.int().describe('Offending flags.'),
  interrupt_handle: z.int().describe('Handle of the descriptor.'),
  record: hex.describe('The completion record; zeros where there is none.'),
});

/** The schema of a result. */
export const execResultSchema = z.strictObject({
  submissions: z
    .array(z.enum(['accepted', 'retry', 'dropped', 'ignored']))
    .describe(
      'Answer to each descriptor; ignored: the queue does not take that instruction and says nothing.',
    ),
  memory: z
    .array(z.strictObject({ address: address.describe('Where it begins.'), hex: hex.describe('The bytes.') }))
    .describe('The memory that the program asked for.'),
  event_log: z.array(report).describe('Entries of the event log, oldest first.'),
  software_error: report
    .extend({ overflow: z.boolean().describe('Whether later errors were lost.') })
    .nullable()
    .describe('SWERROR, or null.'),
  interrupts: z
    .array(
      z.strictObject({
        handle: z.int().describe('The handle.'),
        message_store: z.boolean().describe('Its table.'),
      }),
    )
    .describe('Completion interrupts in order.'),
  explanation: z.array(z.string()).optional().describe('Descriptors and records in words, with --explain.'),
});

/** The result of a program. */
export type ExecResult = z.output<typeof execResultSchema>;
export type ExecReport = ExecResult['event_log'][number];
