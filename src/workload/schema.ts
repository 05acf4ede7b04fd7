/** The schema of a workload file. From it come the types, the defaults, the checks and the JSON Schema. */
import { z } from 'zod';
import { PARAMETERS, type ParameterDeclaration } from '../models/parameters.js';
import { DESIGNS } from '../models/virtualization/designs.js';
import { constant, count, name, quantityOr, quantityOrWord, ratio, refuse } from './fields.js';
import { PRESET_NAMES } from './presets.js';
import { deviceSchema } from './schema-device.js';
import { lifecycleSchema } from './schema-lifecycle.js';
import { tenantSchema, workQueueChoiceSchema } from './schema-tenant.js';

/** Constants that a workload may set, each with its sentence and nominal value. */
const constantsSchema = z
  .strictObject(
    Object.fromEntries(PARAMETERS.map((p: ParameterDeclaration) => [p.name, constant(p).optional()])),
  )
  .meta({ id: 'constants', description: 'Constants of the model that differ from the preset.' });

const platformSchema = z
  .union([
    z.enum(PRESET_NAMES),
    z.strictObject({
      preset: z.enum(PRESET_NAMES).default('spr').meta({ description: 'The device and host generation.' }),
      set: constantsSchema.prefault({}).meta({ description: 'Constants that differ from the preset.' }),
    }),
  ])
  .prefault({})
  .meta({ description: 'The platform: a preset, or a preset and constants that differ.' });

const INTERRUPTS = [
  'msix-remapped',
  'posted-host',
  'ims-posted',
  'msix-posted',
  'eventfd-irqfd',
  'eventfd-injected',
  'none',
] as const;

const designVariantSchema = z
  .strictObject({
    id: name('Name of the variant. Default: that of `like`.').optional(),
    like: z
      .string()
      .optional()
      .meta({ description: 'The design it starts from. Default: the one called `id`.' }),
    guest: z
      .enum(['vm', 'process'])
      .optional()
      .meta({ description: 'Whether an instance is a virtual machine or a process on the host.' }),
    driver: z
      .enum(['idxd', 'dpdk', 'spdk'])
      .optional()
      .meta({ description: 'Who drives a function that is handed out whole. DPDK and SPDK poll.' }),
    control: z
      .enum(['native', 'syscall', 'mdev-trap', 'vmm-trap', 'vfio-user', 'ioeventfd', 'in-kvm'])
      .optional()
      .meta({ description: 'How a register access of the guest is handled.' }),
    data: z
      .enum(['portal', 'trapped-portal', 'syscall-write', 'virtio-ring'])
      .optional()
      .meta({ description: 'How a descriptor reaches the work queue.' }),
    translation: z
      .enum(['dma-api', 'second-stage', 'first-stage-sva', 'shadow-viommu', 'nested', 'nested-hw-queue'])
      .optional()
      .meta({ description: "How the device's addresses are translated." }),
    interrupts: z
      .union([
        z.enum(INTERRUPTS),
        z.strictObject({
          misc: z.enum(INTERRUPTS).optional().meta({ description: 'Vector 0: commands and errors.' }),
          completion: z.enum(INTERRUPTS).optional().meta({ description: 'The other vectors: completions.' }),
        }),
      ])
      .optional()
      .meta({
        description:
          'How vectors reach the guest: all alike, or vector 0 (misc) and the others (completion).',
      }),
    lifecycle: z
      .enum(['open', 'mdev-pull', 'preconfigured-push', 'pci-bind'])
      .optional()
      .meta({ description: 'How an instance is given its device.' }),
    mapping: z
      .enum(['none', 'type1', 'iommufd-compat', 'iommufd'])
      .optional()
      .meta({ description: 'How the memory of the guest is mapped for DMA.' }),
    suspend: z
      .enum(['drain', 'save-state', 'none'])
      .optional()
      .meta({ description: 'What suspending an instance does.' }),
    set: constantsSchema.optional().meta({ description: 'Constants for this design alone.' }),
    devices: z.array(deviceSchema).min(1).optional().meta({ description: 'Devices for this design alone.' }),
    tenants: z
      .record(z.string(), z.strictObject({ work_queue: workQueueChoiceSchema }))
      .optional()
      .meta({ description: 'Work queues of tenants for this design alone.' }),
  })
  .meta({ description: 'A design with some mechanisms, constants, devices or queues replaced.' });

const designNameSchema = z.string().meta({ description: 'A design.', examples: DESIGNS.map((d) => d.id) });

const gateMetricSchema = z.strictObject({
  better: z.enum(['higher', 'lower']).optional().meta({ description: 'Default: as the metric declares.' }),
  tolerance: quantityOr('percent', '0%', 'Relative change that is accepted.'),
  abs: z
    .union([z.string(), z.number()])
    .optional()
    .meta({ description: "Absolute change that is accepted, in the metric's unit." }),
  level: ratio('Confidence level of the interval of the difference.', 0.5, 0.999).prefault('95%'),
});

/** The whole file. */
export const workloadSchema = z
  .strictObject({
    name: name('Name of the workload; reports go to reports/<name>/.'),
    description: z.string().default('').meta({ description: 'What it shows, in a sentence.' }),
    seed: count(0, Number.MAX_SAFE_INTEGER, 'Seed of all random draws.').default(1),
    platform: platformSchema,
    semantics: z.enum(['bytes', 'timing']).default('bytes').meta({
      description: 'bytes: descriptors are executed on simulated memory. timing: only their times are.',
    }),
    devices: z.array(deviceSchema).min(1).meta({ description: 'The DSA devices.' }),
    designs: z
      .union([designNameSchema, z.array(z.union([designNameSchema, designVariantSchema])).min(1)])
      .meta({ description: 'The designs to compare.' }),
    tenants: z.array(tenantSchema).min(1).meta({ description: 'Who uses the devices.' }),
    lifecycle: lifecycleSchema.optional(),
    measure: z
      .strictObject({
        warmup: quantityOrWord(
          'time',
          'auto',
          '200us',
          'Load before the measurement starts; auto: until MSER-5 finds that a trial run has settled.',
        ),
        duration: quantityOr('time', '2ms', 'Length of the measurement.', { min: 1000, allowed: 'from 1ns' }),
        replications: count(1, 100_000, 'Independent runs of each point.').default(5),
        until: z
          .strictObject({
            relative_half_width: ratio(
              'Half-width of the 95 % intervals over their mean at which no more replications are added.',
              0.0001,
              1,
            ).prefault('2%'),
            max: count(2, 100_000, 'Most replications of a point.').default(200),
          })
          .optional()
          .meta({ description: 'Adds replications until throughput and latencies are known this well.' }),
      })
      .superRefine(({ replications, until }, context) => {
        if (until === undefined || until.max >= replications) return;
        const values = { value: until.max, replications };
        refuse(context, 'W088', values, undefined, replications, { path: ['until', 'max'] });
      })
      .prefault({})
      .meta({ description: 'What is measured.' }),
    sweep: z
      .unknown()
      .optional()
      .meta({
        type: 'object',
        description:
          'Paths and the values each takes; several form the product, those under `zip` are walked together.',
        properties: { zip: { type: ['object', 'array'] } },
        additionalProperties: { type: 'array', minItems: 1 },
      }),
    gate: z
      .strictObject({
        metrics: z.record(z.string(), gateMetricSchema).default({}).meta({
          description: 'Metrics that are compared with the baseline; also tenants.<name>.<metric>.',
        }),
        limits: z.array(z.string()).default([]).meta({ description: 'Limits such as latency_p99 < 8us.' }),
      })
      .optional()
      .meta({ description: 'What `dsasim gate` holds the workload to.' }),
    conclusion: z
      .strictObject({
        says: z.string().meta({
          description:
            'What the workload settles, in a paragraph. A figure is written as what it is: {throughput(mdev)}.',
        }),
        holds: z.array(z.string()).min(1).meta({
          description: 'What must hold for that, such as throughput(trap-all) < 0.1 * throughput(mdev).',
        }),
      })
      .optional()
      .meta({ description: 'What the run shows: printed after the table with whether it still holds.' }),
  })
  .meta({
    title: 'dsasim workload',
    description: 'A workload of dsasim, the simulator of the Intel Data Streaming Accelerator.',
  });

/** A workload with its defaults filled in and all quantities in internal units. */
export type WorkloadDocument = z.output<typeof workloadSchema>;
/** A design with replacements. */
export type DesignVariant = z.output<typeof designVariantSchema>;
