/** The schema of tenants: who submits what, how much, when and from where. */
import { z } from 'zod';
import { count, kindOf, name, quantity, quantityOr, ratio, refuse } from './fields.js';
import { OPERATION_NAMES } from './schema-device.js';

const GIB = 1_073_741_824;
const PAGE_SIZES: Readonly<Record<string, number>> = { '4KiB': 4096, '2MiB': 2_097_152, '1GiB': GIB };

/** One of the three page sizes of x86. */
function pageSize(fallback: string, description: string) {
  return z
    .unknown()
    .transform((written, context): number => {
      const size = typeof written === 'string' ? PAGE_SIZES[written.replace(/\s/g, '')] : undefined;
      if (size !== undefined) return size;
      refuse(context, 'W012', { expected: '4KiB, 2MiB or 1GiB' });
      return z.NEVER;
    })
    .meta({ type: 'string', enum: Object.keys(PAGE_SIZES), description })
    .prefault(fallback);
}

const loadSchema = z
  .strictObject({
    closed: z
      .strictObject({
        depth: count(1, 65_536, 'Descriptors (or batches) that every thread keeps outstanding.'),
      })
      .optional()
      .meta({ description: 'Closed load: a thread submits again when one completes.' }),
    burst: z
      .strictObject({
        depth: count(
          1,
          65_536,
          'Descriptors (or batches) that every thread submits before it waits for all of them.',
        ),
      })
      .optional()
      .meta({ description: 'Bursts: a thread submits several, waits for all of them, and starts over.' }),
    open: z
      .strictObject({
        rate: quantity(
          'rate',
          'Descriptors that each instance receives, e.g. 2M/s; those of a batch arrive together.',
          {
            min: 1e-3,
            allowed: 'above 0.001/s',
          },
        ),
        arrivals: z
          .enum(['poisson', 'uniform'])
          .default('poisson')
          .meta({ description: 'poisson: independent arrivals. uniform: equally spaced.' }),
      })
      .optional()
      .meta({
        description:
          'Open load: work arrives whether or not the device keeps up; latency counts from the arrival.',
      }),
    trace: z.string().optional().meta({
      description:
        'Path of a CSV file of arrival times of each instance, relative to the workload: numbers under a header with the unit (arrival_us), or a time with its unit a line.',
    }),
  })
  .meta({
    description: 'When threads submit: exactly one of closed, burst, open and trace.',
    minProperties: 1,
    maxProperties: 1,
  });

const operationSchema = z
  .strictObject({
    op: z.enum(OPERATION_NAMES).meta({ description: 'Operation.' }),
    size: quantity('size', 'Transfer size. Required but for nop.').optional(),
    weight: ratio('How often it is drawn, relative to the others.', 0, 1e9).prefault(1),
  })
  .meta({ description: 'One entry of the operation mix.' });

const buffersSchema = z
  .strictObject({
    count: count(1, 1_048_576, 'Distinct buffers that each operand rotates over.').default(128),
    page_size: pageSize('4KiB', "Page size of the buffers' mapping."),
    placement: z.enum(['dram', 'llc', 'remote', 'cxl', 'peer']).default('dram').meta({
      description:
        'Where the buffers lie: in local memory, in the last-level cache, in the memory of another socket, in CXL memory, or in that of another device of the guest, which `memory.peer` must hold (P2P). The last three are unvalidated.',
    }),
    resident: ratio(
      'Probability that a page is present when a descriptor reaches it. What a design has pinned is always present.',
      0,
      1,
    ).prefault(1),
    alignment: quantityOr('size', '64B', 'Alignment of each buffer; a power of two.'),
    allocation: z.enum(['aligned', 'malloc']).default('aligned').meta({
      description:
        'aligned: each operand has a region of its own, its buffers at their alignment. malloc: as glibc places the buffers of one submission after the other, 16 B aligned, so that source and destination lie differently in their lines.',
    }),
    source_count: count(1, 1_048_576, 'Distinct sources. Default: `count`.').optional(),
    completion_pages: count(
      1,
      64,
      'Pages that completion records rotate over. Default: they lie one after the other.',
    ).optional(),
    fresh: z
      .enum(['none', 'source', 'source2', 'destination', 'pattern'])
      .default('none')
      .meta({ description: 'Operand whose pages are absent at every use, as in memory just allocated.' }),
    faults: z
      .enum(['minor', 'major'])
      .default('minor')
      .meta({ description: 'minor: an absent page needs no storage. major: it is read from storage.' }),
  })
  .meta({ description: 'Memory that the descriptors work on.' });

const memorySchema = z
  .strictObject({
    size: quantityOr('size', '4GiB', 'Memory of an instance.', { min: 4096, allowed: 'from 4KiB' }),
    backing: pageSize('2MiB', 'Page size that backs it on the host.'),
    peer: quantityOr('size', '0B', 'Memory of other devices of the guest that this one must reach (P2P).'),
    writes: z
      .strictObject({
        rate: quantity(
          'rate',
          'Pages of 4 KiB that the processors of an instance write per second, e.g. 100k/s.',
          {
            min: 1e-3,
            allowed: 'above 0.001/s',
          },
        ),
        within: quantity(
          'size',
          'Part of the memory over which the writes are spread evenly. Default: all.',
          {
            min: 4096,
            allowed: 'from 4KiB',
          },
        ).optional(),
      })
      .optional()
      .meta({
        description:
          'What the processors of an instance write beside its buffers, which a live migration must send again. Default: nothing.',
      }),
  })
  .meta({ description: 'Memory of each instance; pinned or not as the design has it.' });

/** The queue of a tenant: one name, or names that its instances rotate over. */
export const workQueueChoiceSchema = z
  .unknown()
  .transform((written, context): string[] => {
    const list = Array.isArray(written) ? written : [written];
    if (written === undefined) refuse(context, 'W011', { expected: 'the name of a work queue' });
    else if (list.length === 0) refuse(context, 'W021');
    else if (list.every((item) => typeof item === 'string')) return list;
    else
      refuse(context, 'W013', {
        expected: 'the name of a work queue or a list of names',
        found: kindOf(written),
      });
    return z.NEVER;
  })
  .meta({
    type: ['string', 'array'],
    items: { type: 'string' },
    description: 'Work queue by name, or a list: instance i submits to entry i modulo its length.',
  });

/** A tenant: a number of equal guests, containers or processes. */
export const tenantSchema = z
  .strictObject({
    name: name('Name of the tenant; metrics are tenants.<name>.<metric>.'),
    instances: count(
      1,
      4096,
      'How many virtual machines, containers or processes, as the design has it.',
    ).default(1),
    threads: count(1, 1024, 'Submitting threads (vCPUs) of each instance.').default(1),
    host_cpus: count(
      1,
      4096,
      'Processors of the host that the threads of all instances share. Default: each has its own.',
    ).optional(),
    work_queue: workQueueChoiceSchema,
    load: loadSchema,
    operations: z
      .union([operationSchema, z.array(operationSchema).min(1)])
      .meta({ description: 'The operation, or a mix of them.' }),
    order: z.enum(['weighted', 'cyclic']).default('weighted').meta({
      description: 'weighted: entries are drawn. cyclic: each is issued `weight` times in a row, in turn.',
    }),
    cache_control: z
      .boolean()
      .default(false)
      .meta({ description: 'Destinations are written to the cache instead of memory (Cache Control 1).' }),
    destination_readback: z
      .boolean()
      .default(false)
      .meta({ description: 'Destinations are read back before a descriptor completes (Cache Control 2).' }),
    touch: z
      .enum(['none', 'on-demand'])
      .default('none')
      .meta({ description: 'on-demand: a thread touches absent pages before it submits.' }),
    batch: count(
      1,
      65_536,
      'Descriptors of one submission: 1 = a single descriptor, more = a batch.',
    ).default(1),
    completion: z
      .enum(['poll', 'umwait', 'interrupt'])
      .default('poll')
      .meta({ description: 'How a thread learns of a completion.' }),
    portal: z
      .enum(['limited', 'unlimited'])
      .optional()
      .meta({ description: 'Which portal page is written. Default: as the design maps it.' }),
    portal_slots: count(
      1,
      64,
      'Portal addresses (64 B lines of the page) that a thread rotates over.',
    ).default(64),
    unmap: z
      .strictObject({
        rate: quantity('rate', 'Pages that each thread unmaps per second, e.g. 10k/s.', {
          min: 1e-3,
          allowed: 'above 0.001/s',
        }),
      })
      .optional()
      .meta({
        description:
          'Pages of the buffers are unmapped and others mapped in their place, with strict invalidation. Default: none.',
      }),
    buffers: buffersSchema.prefault({}),
    memory: memorySchema.prefault({}),
  })
  .meta({ description: 'A tenant: equal guests, containers or processes.' });

/** A tenant with its defaults filled in. */
export type TenantDocument = z.output<typeof tenantSchema>;
/** An entry of an operation mix. */
export type OperationDocument = z.output<typeof operationSchema>;
