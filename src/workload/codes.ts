/**
 * Every problem that a workload can have: a stable code, what is said and what to do about it. Codes are never
 * reused. `{path}` is the place in the workload, e.g. `devices[0].groups[0].work_queues[1].mode`.
 */

/** A row of the table. */
interface CodeEntry {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy: string;
}

const error = (message: string, remedy: string): CodeEntry => ({ severity: 'error', message, remedy });
const warning = (message: string, remedy: string): CodeEntry => ({ severity: 'warning', message, remedy });

/** Reading the file. */
const FILE_CODES = {
  W001: error('cannot read {file}: {reason}', 'give the path of a file that can be read'),
  W002: error('{file} holds no workload', 'write at least name, designs, devices and tenants'),
  W003: error('{file} holds {count} YAML documents', 'keep one workload in one file'),
  W004: error('not valid YAML: {reason}', 'mend the syntax here'),
  W005: error('the key "{key}" is written twice', 'keep one of them'),
  W006: error(
    'aliases expand to more than {limit} copies',
    'write the values out instead of nesting aliases',
  ),
  W007: warning('{path}: {text} is read as the decimal number {value}', 'drop the leading zero'),
  W008: error('{path}: {text} is not a plain value', 'use maps, lists, text, numbers, true and false only'),
  W009: error('{file} is not UTF-8: {reason}', 'save it as UTF-8'),
} as const satisfies Record<string, CodeEntry>;

/** The shape of the document. */
const SHAPE_CODES = {
  W010: error('{path}: unknown key', 'known keys: {known}'),
  W011: error('{path}: missing', 'write it: {expected}'),
  W012: error('{path}: expected {expected}', 'write one of these'),
  W013: error('{path}: expected {expected}, found {found}', 'change the value'),
  W014: error('{path}: {value} is out of range', 'allowed: {allowed}'),
  W015: error('{path}: a number needs its unit', 'write {example}'),
  W016: error('{path}: "{unit}" is no unit of {dimension}', 'units: {allowed}'),
  W017: error('{path}: expected {dimension}, found {found}', 'write a number and a unit, such as {example}'),
  W018: error('{path}: {reason}', 'allowed: {allowed}'),
  W019: error(
    '{path}: {found} is not a usable name',
    'use letters, digits, "-" and "_", beginning with a letter or digit',
  ),
  W021: error('{path}: expected at least one entry', 'add an entry or remove the key'),
  W022: error('{path}: write exactly one of {choices}', 'keep one of them'),
  W023: error('the path "{path}" of --set does not exist', '{hint}'),
  W024: error('--set {path} has no value', 'write it behind the "=", such as --set tenants.guest.batch=32'),
  W025: error(
    '--set {path} has no effect: the sweep sets {axis} at every point',
    'replace the axis: --set {place}={values}',
  ),
  W026: warning(
    '--set {path} has no effect on {axis}, which the sweep sets at every point',
    'to replace the axis as well: --set {place}={values}',
  ),
} as const satisfies Record<string, CodeEntry>;

/** Devices, groups and work queues. */
const DEVICE_CODES = {
  W030: error(
    '{path}: the work queues of {device} take {total} entries, the device has {limit}',
    'make them smaller',
  ),
  W031: error('{path}: {device} has {count} groups, a device of {preset} has {limit}', 'use fewer groups'),
  W032: error(
    '{path}: {device} has {count} work queues, a device of {preset} has {limit}',
    'use fewer work queues',
  ),
  W033: error('{path}: {device} has no engine {engine}', 'engines of {preset}: 0 to {last}'),
  W034: error(
    '{path}: engine {engine} of {device} is already in group {group}',
    'an engine serves one group',
  ),
  W035: error(
    '{path}: {device} needs {count} engines, a device of {preset} has {limit}',
    'use fewer engines',
  ),
  W036: error(
    '{path}: a shared work queue with threshold 0 accepts nothing',
    'set threshold from 1 to {size}',
  ),
  W037: warning('{path}: threshold {threshold} is above the size', 'it acts as {size}'),
  W038: error('{path}: group {group} of {device} has work queues but no engine', 'give it an engine'),
  W039: error('{path}: group {group} of {device} has engines but no work queue', 'give it a work queue'),
  W040: error('{path}: the name "{name}" is already used', 'give every {thing} its own name'),
  W041: error('{path}: {value} is above what a device of {preset} takes', 'at most {limit}'),
  W042: warning('{path}: {value} is no power of two', 'it acts as {rounded}, as in the driver'),
  W043: error('{path}: {value} read buffers break the rule "{rule}"', 'allowed here: {allowed}'),
  W044: warning('{path}: {preset} has no per-queue operation mask', 'the simulator applies it all the same'),
  W045: error(
    '{path}: {value} read buffers are below four for each of {engines} engines',
    'the device refuses fewer than {least}',
  ),
  W046: warning('{path}: a dedicated work queue has no threshold', 'remove it'),
} as const satisfies Record<string, CodeEntry>;

/** Platform and designs. */
const DESIGN_CODES = {
  W051: error('{path}: no design is called "{name}"', 'designs: {known}'),
  W052: error(
    '{path}: the design "{id}" is listed twice',
    'give a variant its own id: { id: …, like: {id} }',
  ),
  W053: error('{path}: "{id}" is a new design without `like`', 'name the design it starts from: like: mdev'),
  W054: error('{path}: the design "{id}" cannot exist: {reason}', 'choose another combination of mechanisms'),
  W056: error(
    '{path}: {design} cannot have this device: {reason}',
    'give the design `devices` of its own, as its driver makes them',
  ),
  W055: error('{path}: no tenant is called "{name}"', 'tenants: {known}'),
  W057: error(
    '{path}: {name} is {value}, below {other}, which is {least} and part of it',
    'make {name} {least} or more',
  ),
  W058: error(
    '{path}: under {design} {call} of {who} fails with ENOMEM: {whose} would have {charged} locked, more than {limit}',
    'set memlock_limit to {needed} or more, or lower memory.size',
  ),
} as const satisfies Record<string, CodeEntry>;

/** Tenants. */
const TENANT_CODES = {
  W060: error('{path}: no work queue is called "{name}"', 'work queues: {known}'),
  W061: error('{path}: {design} cannot hand out a {mode} work queue ("{name}")', 'it can hand out: {modes}'),
  W062: error(
    '{path}: dedicated work queue "{name}" would have {count} owners ({owners}) under {design}',
    'one owner a dedicated queue: list a queue for each instance, or use a shared one',
  ),
  W063: warning(
    '{path}: {outstanding} descriptors outstanding overfill dedicated work queue "{name}" of {size} entries',
    'it drops what does not fit; lower depth or threads',
  ),
  W064: error('{path}: work queue "{name}" does not allow {operation}', 'it allows: {allowed}'),
  W065: error(
    '{path}: {operation} needs DSA {needed}, {preset} is {generation}',
    'choose an operation of {generation}',
  ),
  W066: error(
    '{path}: {size} is above the {limit} that work queue "{name}" transfers',
    'raise its max_transfer_size',
  ),
  W067: error(
    '{path}: a batch of {batch} is above the {limit} of work queue "{name}"',
    'raise its max_batch_size',
  ),
  W068: error('{path}: {operation} cannot be simulated as work', 'operations: {known}'),
  W069: error('{path}: {operation} needs a size', 'write size: 4KiB'),
  W070: error('{path}: {size} does not suit {operation}: {reason}', 'choose another size'),
  W071: error(
    '{path}: the buffers take {needed}, the memory of an instance is {available}',
    'raise memory.size',
  ),
  W072: error('{path}: no weight is above zero', 'give an operation a weight'),
  W074: error('{path}: {value} is not a power of two of at most {limit}', 'write for example 64B'),
  W073: error(
    '{path}: the buffers take {needed}, the memory of other devices is {available}',
    'raise memory.peer',
  ),
  W078: error(
    '{path}: {design} cannot reach memory of other devices: {mapping} maps only what can be pinned',
    'map with type1, or leave it out',
  ),
  W079: error(
    '{path}: the processors would write {within}, the memory of an instance is {available}',
    'raise memory.size, or leave `within` out',
  ),
  W077: error('{path}: {design} delivers no completion interrupt', 'wait with poll or umwait'),
  W075: error(
    '{path}: {reason}',
    'a line is a time such as 12.5us, or a number under a header with its unit: arrival_us',
  ),
  W076: error('{path}: the trace holds no arrival', 'write one time a line'),
} as const satisfies Record<string, CodeEntry>;

/** Measurement, sweep and gate. */
const SWEEP_CODES = {
  W080: error('{path}: an empty list sweeps nothing', 'list at least one value'),
  W081: error('the sweep path "{path}" does not exist', '{hint}'),
  W082: error('{path}: {text} is listed twice', 'points must differ'),
  W083: error(
    '{path}: lists walked together have {found} and {expected} values',
    'give them the same length',
  ),
  W084: error('the sweep path "{path}" is used twice', 'keep one of them'),
  W085: error(
    '"{path}" cannot be swept',
    'sweep platform, devices, tenants, measure, lifecycle or semantics',
  ),
  W086: error('{path}: the sweep has {count} points, the limit is {limit}', 'split the workload'),
  W087: warning('{path}: design "{design}" replaces {part}', 'this axis changes nothing for it'),
  W088: error(
    '{path}: {value} is below the {replications} replications that there are in any case',
    'write {replications} or more, or lower measure.replications',
  ),
  W090: error('{path}: no metric is called "{name}"', 'see `dsasim list metrics`'),
  W091: error(
    '{path}: "{text}" is not a limit',
    'write <metric> <operator> <value>, such as latency_p99 < 8us',
  ),
  W092: error(
    '{path}: "{text}" cannot be read: {reason}',
    'write for example throughput(trap-all) < 0.1 * throughput(mdev), and figures as {throughput(mdev)}',
  ),
  W093: error('{path}: the run has no {what}', '{known}'),
} as const satisfies Record<string, CodeEntry>;

/** accel-config's files. */
const ACCEL_CODES = {
  W100: error('not valid accel-config JSON: {reason}', 'mend the syntax here'),
  W101: error('an object must begin with "dev"', 'accel-config reads "dev" first'),
  W102: error('"{text}" is not the name of a {kind}', 'write for example "{example}"'),
  W103: error('"{key}": expected {expected}', 'as accel-config saves it'),
  W104: error('{file} configures no DSA device', 'its top level must be a list of devices such as dsa0'),
  W105: warning('{name} is not a DSA device', 'it is left out'),
  W106: warning(
    'work queue {dev} has no name',
    'the driver refuses to enable it; it is called {called} here',
  ),
} as const satisfies Record<string, CodeEntry>;

/** Lifecycle. */
const LIFECYCLE_CODES = {
  W120: error(
    '{path}: {at} lies before the end of {earliest}',
    'write {end} or later, or leave `at` out: the event then follows at once',
  ),
  W121: error('{path}: `{key}` belongs to {action} only', 'remove it'),
  W122: error('{path}: "{name}" has {instances} instances', 'instances are numbered 0 to {last}'),
  W123: error('{path}: {who} is not suspended', 'suspend it first, or remove the event'),
  W124: error('{path}: {who} was removed or killed before', 'no event can follow for it'),
  W125: error('{path}: {who} is suspended', 'resume it before {action}'),
  W126: error(
    '{path}: simulated time ends after {end}, before {what} is over',
    'let it be earlier or shorter{hint}',
  ),
} as const satisfies Record<string, CodeEntry>;

/** The whole table. */
export const CODES = {
  ...FILE_CODES,
  ...SHAPE_CODES,
  ...DEVICE_CODES,
  ...DESIGN_CODES,
  ...TENANT_CODES,
  ...SWEEP_CODES,
  ...ACCEL_CODES,
  ...LIFECYCLE_CODES,
} as const;

/** A code without its `DSASIM_` prefix. */
export type Code = keyof typeof CODES;
