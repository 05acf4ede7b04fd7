/**
 * The register accesses that the idxd driver makes, in order, as lists: what they cost is decided by the access path
 * that carries them. Sources: Linux drivers/dma/idxd (device.c, init.c, cdev.c) and, for the virtual device, the v6
 * mdev series.
 */

/** One access of a driver. A `command` access is the write to CMD that the device then executes. */
export interface RegisterAccess {
  kind: 'read' | 'write' | 'command' | 'configuration';
  register: string;
  bytes: 4 | 8;
}

/** The shape of the device that the driver finds. */
export interface DeviceView {
  /** GENCAP Configuration Support: whether the driver may write WQCFG and GRPCFG. */
  configurable: boolean;
  groups: number;
  /** Work queues placed in a group. */
  workQueues: number;
  /** 32-bit words of one WQCFG: 8 on DSA 1.0, 16 with operation configuration. */
  wqcfgWords: number;
  /** MSI-X vectors. */
  vectors: number;
}

const read = (register: string, bytes: 4 | 8 = 4): RegisterAccess => ({ kind: 'read', register, bytes });
const write = (register: string, bytes: 4 | 8 = 4): RegisterAccess => ({ kind: 'write', register, bytes });
const repeat = (count: number, make: (index: number) => RegisterAccess[]): RegisterAccess[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

/** idxd_cmd_exec: the command, its interrupt on vector 0 and the status: three reads and two writes. */
export function command(name: string): RegisterAccess[] {
  return [
    read('GENSTS'),
    { kind: 'command', register: `CMD ${name}`, bytes: 4 },
    read('INTCAUSE'),
    write('INTCAUSE'),
    read('CMDSTATUS'),
  ];
}

/** What the PCI core does to enable MSI-X: the capability's control twice and four words per table entry. */
export function enableVectors(view: DeviceView): RegisterAccess[] {
  const configuration = (register: string): RegisterAccess => ({ kind: 'configuration', register, bytes: 4 });
  return [
    configuration('MSI-X control'),
    ...repeat(view.vectors, (v) =>
      ['address', 'upper address', 'data', 'vector control'].map((word) =>
        configuration(`MSI-X table ${v} ${word}`),
      ),
    ),
    configuration('MSI-X control'),
  ];
}

/** idxd_probe: identification, reset and capabilities; a read-only configuration is read in full. */
export function probe(view: DeviceView): RegisterAccess[] {
  return [
    read('VERSION'),
    read('GENSTS'),
    // The reset polls CMDSTATUS: interrupts are not set up yet.
    { kind: 'command', register: 'CMD RESET_DEVICE', bytes: 4 },
    read('CMDSTATUS'),
    read('GENCAP', 8),
    read('CMDCAP'),
    read('GRPCAP', 8),
    read('ENGCAP', 8),
    read('WQCAP', 8),
    ...repeat(4, (i) => [read(`OPCAP ${i}`, 8)]),
    ...repeat(2, (i) => [read(`OFFSETS ${i}`, 8)]),
    read('GENCTRL'),
    write('GENCTRL'),
    ...(view.configurable ? [] : readConfiguration(view)),
  ];
}

function readConfiguration(view: DeviceView): RegisterAccess[] {
  return [
    read('GENCFG'),
    // Words of the queue bitmap are read until all queues are found, and one more.
    ...repeat(view.groups, () => [
      read('GRPCFG WQ bitmap 0', 8),
      read('GRPCFG WQ bitmap 1', 8),
      read('GRPCFG engines', 8),
      read('GRPCFG flags', 8),
    ]),
    ...repeat(view.workQueues, () => repeat(view.wqcfgWords, (word) => [read(`WQCFG word ${word}`)])),
  ];
}

/** idxd_device_config: all WQCFG words read and written back, then six words for every group. */
function writeConfiguration(view: DeviceView): RegisterAccess[] {
  return [
    ...repeat(view.workQueues, () => [
      ...repeat(view.wqcfgWords, (word) => [read(`WQCFG word ${word}`)]),
      ...repeat(view.wqcfgWords, (word) => [write(`WQCFG word ${word}`)]),
    ]),
    ...repeat(view.groups, () => [
      ...repeat(4, (word) => [write(`GRPCFG WQ bitmap ${word}`, 8)]),
      write('GRPCFG engines', 8),
      write('GRPCFG flags', 8),
    ]),
  ];
}

/** idxd_device_enable: configuration where the device takes one, then the command. */
export function enableDevice(view: DeviceView): RegisterAccess[] {
  return [
    ...(view.configurable ? [...writeConfiguration(view), read('GENCFG'), write('GENCFG')] : []),
    read('GENSTS'),
    ...command('ENABLE_DEVICE'),
  ];
}

/** What a work queue is enabled for. */
export interface WorkQueueUse {
  mode: 'shared' | 'dedicated';
  /** A kernel queue requests an interrupt handle; a user queue has none. */
  kernel: boolean;
}

/** idxd_wq_enable: the configuration once more, the command, and an interrupt handle for a kernel queue. */
export function enableWorkQueue(view: DeviceView, use: WorkQueueUse): RegisterAccess[] {
  return [
    ...(view.configurable && use.mode === 'shared' ? [read('WQCFG word 2'), write('WQCFG word 2')] : []),
    ...(view.configurable ? writeConfiguration(view) : []),
    ...command('ENABLE_WQ'),
    ...(use.kernel && !view.configurable ? command('REQUEST_INT_HANDLE') : []),
  ];
}

/** idxd_cdev_open on a dedicated queue: disable it, write the PASID, enable it again. A shared one needs none. */
export function openCharacterDevice(mode: 'shared' | 'dedicated'): RegisterAccess[] {
  if (mode === 'shared') return [];
  return [...command('DISABLE_WQ'), read('WQCFG word 2'), write('WQCFG word 2'), ...command('ENABLE_WQ')];
}

/** What the v6 mdev does to the physical queue when its guest enables the virtual one. */
export function mediatedEnable(): RegisterAccess[] {
  return [write('WQCFG word 2'), write('WQCFG word 2'), ...command('ENABLE_WQ')];
}
