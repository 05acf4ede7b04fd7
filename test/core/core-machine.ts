import { AddressSpace } from '../../src/core/address-space.js';
import { type Capabilities, capabilitiesOf } from '../../src/core/capabilities.js';
import { DescriptorChecker, type WorkQueueRules } from '../../src/core/checks.js';
import { COMPLETION, hasCompletionFault, writeCompletion } from '../../src/core/completion.js';
import { Descriptor } from '../../src/core/descriptor.js';
import { Executor } from '../../src/core/executor.js';
import { FLAG } from '../../src/core/flags.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';
import { OperandList } from '../../src/core/operands.js';
import { requestPages } from '../../src/core/page-requests.js';
import type { Case } from './cases.js';
import { ARENA_PAGES, PAGE } from './knobs.js';

/** Where a completion record went, in the reference model's words. */
export type RecordPlace = 'memory' | 'event-log' | 'software-error' | 'none';

const HANDLES = new InterruptTable(9);

/** Maps the pages of a case: one extent for each run of neighbours, absent pages that can come back inside. */
export function spaceOf(program: Case): AddressSpace {
  const space = new AddressSpace({ presence: 'mapped' });
  const missing = new Set(program.absent.filter((page) => !program.pageable.includes(page)));
  for (let first = 0; first < ARENA_PAGES; ) {
    if (missing.has(first)) {
      first++;
      continue;
    }
    let end = first;
    while (end < ARENA_PAGES && !missing.has(end)) end++;
    space.map(program.base + first * PAGE, (end - first) * PAGE);
    first = end;
  }
  for (const { address, bytes } of program.contents) {
    for (let at = 0; at < bytes.length; ) {
      const inPage = Math.min(bytes.length - at, PAGE - ((address + at) % PAGE));
      const page = Math.floor((address + at - program.base) / PAGE);
      if (page >= 0 && page < ARENA_PAGES && !missing.has(page)) space.write(address + at, bytes, at, inPage);
      at += inPage;
    }
  }
  for (const page of program.absent) if (!missing.has(page)) space.setAbsent(program.base + page * PAGE);
  return space;
}

/** The core's own parts put together as its callers do it: checks, page requests, execution, completion record. */
export class CoreMachine {
  readonly capabilities: Capabilities;
  readonly space: AddressSpace;
  private readonly checker: DescriptorChecker;
  private readonly executor: Executor;
  private readonly rules: WorkQueueRules;
  private readonly descriptor = new Descriptor();
  private readonly operands = new OperandList();

  constructor(private readonly program: Case) {
    const wq = program.workQueue;
    this.capabilities = capabilitiesOf(program.generation);
    this.space = spaceOf(program);
    this.checker = new DescriptorChecker(this.capabilities);
    this.executor = new Executor(this.capabilities);
    this.rules = {
      mode: wq.shared ? 'shared' : 'dedicated',
      blockOnFault: wq.blockOnFault,
      maxTransferBytes: wq.maxTransferBytes,
      maxBatch: wq.maxBatch,
      opConfig: null,
      pasidEnable: wq.pasidEnable,
      pasid: 1,
      priv: wq.privileged ? 1 : 0,
      userInterrupts: program.userInterrupts,
      privilegedMode: true,
      addressTranslation: true,
      trafficClassA: program.trafficClasses[0],
      trafficClassB: program.trafficClasses[1],
      interruptTable: HANDLES,
    };
  }

  /** Status and whereabouts of the completion record after one descriptor. */
  run(image: Uint8Array): { status: number; record: RecordPlace } {
    const d = this.descriptor;
    d.decode(image, 0);
    if (this.rules.mode === 'dedicated') d.bind(this.rules.pasid, this.rules.priv);
    const misaligned = this.checker.checkCompletionAddress(d);
    if (misaligned !== 0) return { status: misaligned, record: 'software-error' };
    if (this.program.pageRequests && d.has(FLAG.completion_record_address_valid)) {
      this.space.resolve(d.completionAddress);
    }
    if (hasCompletionFault(d, this.space)) return { status: 0x1a, record: 'software-error' };
    const failure = this.checker.checkAfterCompletionAddress(d, this.rules, false);
    if (failure !== 0) {
      this.executor.reject(failure, this.checker.invalidFlags);
    } else {
      this.operands.from(d);
      if (d.has(FLAG.block_on_fault)) requestPages(this.operands, this.space);
      this.executor.execute(d, this.space);
    }
    const record = this.executor.completion;
    const written = writeCompletion(d, record, this.space);
    const place = { [COMPLETION.none]: 'none', [COMPLETION.written]: 'memory' } as const;
    return { status: record.status, record: place[written as 0 | 1] ?? 'software-error' };
  }
}
