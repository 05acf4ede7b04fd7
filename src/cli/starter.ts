/** The workload that `dsasim init` writes: small, complete, commented, and a test of its own. */

/** File name of the starter. */
export const STARTER_FILE = 'workload.yaml';

/**
 * The text of the starter.
 * @param schema path of the JSON Schema as seen from the folder, for editors; null leaves the line out
 */
export function starterText(schema: string | null): string {
  const editor = schema === null ? '' : `# yaml-language-server: $schema=${schema}\n`;
  return `${editor}# A workload of dsasim: what the devices look like, who uses them, and what is measured.
#   dsasim check workload.yaml     every value and where it comes from
#   dsasim run workload.yaml       simulate it; results and a report go to reports/<name>/
#   dsasim explain <name>          what a parameter, metric, stage, design or error code means
# Every dimensioned value has its unit: 500ns, 30GB/s, 4KiB, 2M/s.

name: starter
description: Two guests copy pages through work queues of their own, given to them in two ways.

# One device. A group is a set of engines that serves a set of work queues (see accel-config);
# { accel_config: ./dsa0.conf } imports a saved configuration instead.
devices:
  - groups:
      - engines: 2
        work_queues:
          - { name: wq0, mode: dedicated, size: 32, block_on_fault: true }
          - { name: wq1, mode: dedicated, size: 32, block_on_fault: true }

# Ways to give a DSA to guests; \`dsasim list designs\` prints all of them. A variant is
#   { id: mine, like: mdev, set: { user_exit: 900ns } }
designs: [mdev, vfio-user]

# Who uses the devices: VMs, containers or processes, as the design has it.
tenants:
  - name: guest
    instances: 2
    work_queue: [wq0, wq1]
    load: { closed: { depth: 8 } } # or { open: { rate: 500K/s, arrivals: poisson } }
    operations: { op: memmove, size: 4KiB }
    completion: poll # or umwait, interrupt
    memory: { size: 4GiB, backing: 2MiB }

# The steady phase. Replications give every number an interval.
measure: { warmup: 50us, duration: 1ms, replications: 5 }

# One point for each value; several paths form the product.
sweep: { tenants.guest.operations.size: [1KiB, 4KiB, 16KiB] }

# What a gate compares with a baseline, and bounds that must hold:
#   dsasim gate workload.yaml --baseline baseline.json --update-baseline   once, and commit the file
#   dsasim gate workload.yaml --baseline baseline.json                     in CI
gate:
  metrics:
    throughput: { better: higher, tolerance: 1% }
    latency_p50: { better: lower, tolerance: 2% }
    boot_time: { better: lower, tolerance: 0% }
  limits: [latency_p50 < 1ms]
`;
}
