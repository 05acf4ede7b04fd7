/** One DSA device, assembled from its configuration: portals, work queues, groups, engines, fabric, IOMMU. */
import { type Capabilities, capabilitiesOf } from '../../core/capabilities.js';
import type { WorkQueueRules } from '../../core/checks.js';
import { InterruptTable } from '../../core/interrupt-table.js';
import type { DeviceConfig, GroupConfig, WorkQueueConfig } from '../config.js';
import type { MachineContext } from '../context.js';
import type { MemorySystem } from '../memory/memory-system.js';
import { operationMask } from '../registers/decode.js';
import { Iommu } from '../translation/iommu.js';
import { pageKey } from '../translation/page-key.js';
import type { TranslationPath } from '../virtualization/design.js';
import { DataPath, type ReadBufferShare } from './data-path.js';
import type { DeviceRegistry } from './device-registry.js';
import { Drains } from './drains.js';
import { Engine } from './engine.js';
import { Fabric } from './fabric.js';
import { Group } from './group.js';
import { GroupPlaces } from './group-places.js';
import { WorkQueue } from './work-queue.js';

/** Handles that descriptors can name: entries of the interrupt message store, of which MSI-X needs the first few. */
const INTERRUPT_HANDLES = 2048;

/** See the head of this file. */
export class Device {
  readonly iommu: Iommu;
  /** Numbers of the queues in the machine, in the order of the configuration. */
  readonly queues: number[] = [];
  /** Which interrupt handles descriptors may name. */
  readonly handles = new InterruptTable(INTERRUPT_HANDLES);
  /** Numbers of its engines and groups in the machine. */
  readonly engines: number[] = [];
  readonly groups: number[] = [];
  private readonly fabric = new Fabric();
  private readonly capabilities: Capabilities = capabilitiesOf('1.0');

  constructor(
    readonly config: DeviceConfig,
    private readonly context: MachineContext,
    private readonly registry: DeviceRegistry,
    translation: TranslationPath,
    /** Of its socket. */
    readonly memory: MemorySystem,
  ) {
    this.iommu = new Iommu(translation, context.parameters);
    for (const group of config.groups) this.addGroup(group);
  }

  private addGroup(config: GroupConfig): void {
    const { context, registry } = this;
    const number = registry.groups.length;
    const queues = config.workQueues.map((queue) => this.addQueue(queue, number));
    const dataPath = new DataPath(
      this.iommu,
      this.fabric,
      this.readBuffers(config),
      context.parameters,
      registry.rules,
      this.memory,
    );
    const places = new GroupPlaces(number, registry.retiredEvent, context);
    const drains = new Drains(context, places, (queue) => registry.queues[queue]!.config.mode === 'shared');
    for (const _ of config.engines) {
      const engine = new Engine(registry.engines.length, {
        context,
        events: registry.engineEvents,
        capabilities: this.capabilities,
        dataPath,
        places,
        drains,
        wakeArbiter: () => registry.wakeToWork(number),
      });
      this.engines.push(registry.engines.length);
      registry.engines.push(engine);
    }
    this.groups.push(number);
    registry.addGroup(new Group(context, queues, places));
  }

  /** A page is unmapped: neither the IOMMU nor any engine may know its translation any more. */
  invalidate(space: number, page: number): void {
    const key = pageKey(space, page);
    this.iommu.invalidate(key);
    for (const engine of this.engines) this.registry.engines[engine]!.tlb.invalidate(key);
  }

  private addQueue(config: WorkQueueConfig, group: number): WorkQueue {
    const queue = new WorkQueue(this.registry.queues.length, config);
    this.registry.queues.push(queue);
    this.registry.rules.push(rulesOf(config, this.handles));
    this.registry.groupOfQueue.push(group);
    this.registry.readLoads.push(this.fabric.readLoad);
    // The answer to an ENQCMD queues behind reads; a MOVDIR64B has none.
    if (config.mode === 'shared') this.fabric.readLoad.isRead = true;
    this.queues.push(queue.index);
    return queue;
  }

  /**
   * A group may hold what it is allowed, always finds what it has reserved, and never takes what others have (specification
   * 4.4).
   */
  private readBuffers(config: GroupConfig): ReadBufferShare {
    const total = this.context.parameters['device.read_buffers'];
    const allReserved = this.config.groups.reduce((sum, g) => sum + g.readBuffersReserved, 0);
    const reservedByOthers = allReserved - config.readBuffersReserved;
    const limit = this.config.readBufferLimit;
    return {
      shared: total - allReserved,
      reserved: config.readBuffersReserved,
      group: Math.max(1, Math.min(config.readBuffersAllowed, total - reservedByOthers)),
      limited: config.useReadBufferLimit && limit > 0 ? limit : 0,
    };
  }
}

/** What core checks descriptors of a queue against. @param handles of its device */
export function rulesOf(config: WorkQueueConfig, handles: InterruptTable): WorkQueueRules {
  return {
    mode: config.mode,
    blockOnFault: config.blockOnFault,
    maxTransferBytes: config.maxTransferBytes,
    maxBatch: config.maxBatch,
    opConfig: config.operations === null ? null : operationMask(config.operations),
    pasidEnable: true,
    pasid: 0,
    priv: 0,
    userInterrupts: true,
    privilegedMode: false,
    addressTranslation: true,
    pageRequests: config.pageRequests !== false,
    trafficClassA: 1,
    trafficClassB: 1,
    interruptTable: handles,
  };
}
