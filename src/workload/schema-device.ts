/** The schema of devices, groups and work queues, in the words of accel-config and sysfs. */
import { z } from 'zod';
import { OPCODE, type OperationName } from '../core/operations.js';
import { MOST_COPIES } from './device-copies.js';
import { count, name, quantityOr } from './fields.js';

const MAX_COUNT = 1_000_000;

/** Names of all operations of the architecture. */
export const OPERATION_NAMES = Object.keys(OPCODE) as OperationName[];

const workQueueSchema = z
  .strictObject({
    name: name('Name by which tenants choose the queue; unique over all devices.'),
    mode: z.enum(['shared', 'dedicated']).meta({
      description:
        'shared: many submitters, ENQCMD, may answer Retry. dedicated: one owner, MOVDIR64B, drops when overfull.',
    }),
    size: count(1, MAX_COUNT, 'Storage of the queue [entries]. The queues of a device share its entries.'),
    threshold: count(
      0,
      MAX_COUNT,
      'Occupancy below which a limited portal of a shared queue accepts [entries]. Default: the size.',
    ).optional(),
    priority: count(1, 15, 'Weight in the group arbiter, 1 to 15.').default(10),
    block_on_fault: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether descriptors may ask the engine to wait for a page fault.' }),
    max_transfer_size: quantityOr(
      'size',
      '2MiB',
      'Largest transfer of a descriptor; default as the driver sets it.',
    ),
    // No device enables a queue whose batches hold one descriptor.
    max_batch_size: count(
      2,
      MAX_COUNT,
      'Most descriptors of a batch; default as the driver sets it.',
    ).default(32),
    operations: z.array(z.enum(OPERATION_NAMES)).min(1).optional().meta({
      description: 'Operations that the queue allows (op_config). Default: all that the device has.',
    }),
  })
  .meta({ description: 'A work queue (WQCFG).' });

const groupSchema = z
  .strictObject({
    engines: z
      .union([
        count(1, MAX_COUNT, 'How many engines; the lowest free numbers are taken.'),
        z.array(z.int().min(0)).meta({ description: 'Engine numbers.' }),
      ])
      .meta({ description: 'Engines of the group: how many, or which.' }),
    work_queues: z.array(workQueueSchema).meta({ description: 'Work queues that the engines serve.' }),
    read_buffers_reserved: count(0, MAX_COUNT, 'Read buffers that no other group may take.').default(0),
    read_buffers_allowed: count(
      0,
      MAX_COUNT,
      'Most read buffers that the group may hold. Default: all that are not reserved elsewhere.',
    ).optional(),
    use_read_buffer_limit: z
      .boolean()
      .default(false)
      .meta({ description: "Whether the group shares the device's read_buffer_limit." }),
  })
  .meta({ description: 'A group: engines that serve work queues (GRPCFG).' });

/** A device, written out or taken from accel-config's file. */
export const deviceSchema = z
  .strictObject({
    name: name('Name of the device. Default: dsa and its index.').optional(),
    count: count(
      1,
      MOST_COPIES,
      'How many such devices. The queues of copy i are called <name>-<i>, and a tenant that names <name> rotates over all of them.',
    ).default(1),
    accel_config: z.string().optional().meta({
      description:
        "Path of a file in accel-config's JSON, relative to the workload; each of its DSA devices is taken.",
    }),
    groups: z.array(groupSchema).min(1).optional().meta({ description: 'Groups of the device.' }),
    read_buffer_limit: count(
      0,
      MAX_COUNT,
      'Read buffers that groups with use_read_buffer_limit may hold together; 0 = no limit.',
    ).default(0),
  })
  .meta({ id: 'device', description: 'One DSA device.' });

/** A work queue with its defaults filled in. */
export type WorkQueueDocument = z.output<typeof workQueueSchema>;
/** A group with its defaults filled in. */
export type GroupDocument = z.output<typeof groupSchema>;
/** A device with its defaults filled in. */
export type DeviceDocument = z.output<typeof deviceSchema>;
