import { describe, expect, it } from 'vitest';
import type { MachineParts } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { DevTlb } from '../../src/models/translation/devtlb.js';
import { Iommu } from '../../src/models/translation/iommu.js';
import { pageKey } from '../../src/models/translation/page-key.js';
import { refusalPs, relayPs } from '../../src/models/translation/page-relay.js';
import type { TranslationPath } from '../../src/models/virtualization/design.js';
import { arriving, drained, KIB, machine, only, type TenantOptions, tenant, US } from '../support/machine.js';
import { operandsAt } from '../support/operands.js';

const p = parameterValues();
const PAGE = 4 * KIB;

/** Submits k descriptors one after the other, far apart, on one engine. */
function submissions(k: number, options: TenantOptions): MachineParts {
  const times = Array.from({ length: k }, (_, i) => US + i * 50 * US);
  return drained(machine({ tenants: [tenant({ load: arriving(...times), ...options })] }));
}

/** Translation requests of the engine and how many of them hit. */
function counts(k: number, options: TenantOptions): { requests: number; hits: number } {
  const { tlb } = submissions(k, options).registry.engines[0]!;
  return { requests: tlb.hits + tlb.misses + tlb.bypassed, hits: tlb.hits };
}

describe('a page request of a guest with page tables of its own', () => {
  const answered = (path: TranslationPath) => new Iommu(path, p).requestPages(3, 0, 0) / 3;

  it('takes the way through the VMM into the guest and back', () => {
    expect(answered('second-stage')).toBe(p['translation.page_request']);
    expect(answered('first-stage-sva')).toBe(p['translation.page_request']);
    for (const path of ['nested', 'nested-hw-queue'] as const) {
      expect(answered(path) - answered('second-stage')).toBe(
        p.backend_wake +
          p.interrupt_eventfd_running +
          p.exit_round_trip +
          p.decode +
          p.user_exit +
          2 * (p.vmm_handler + p.syscall),
      );
    }
  });

  it('is refused sooner by a VMM that answers by itself than it is answered by the guest', () => {
    expect(refusalPs(p)).toBe(p.backend_wake + p.vmm_handler + 2 * p.syscall);
    expect(refusalPs(p)).toBeLessThan(relayPs(p));
  });
});

describe('translation requests, as measured on hardware (LightDSA, ATCexplore)', () => {
  const k = 20;

  it('k no-ops: k requests, k - 1 hits; with two record pages in turn, none', () => {
    expect(counts(k, { operations: only('nop', 0) })).toEqual({ requests: k, hits: k - 1 });
    const buffers = { completionPages: 2 };
    expect(counts(k, { operations: only('nop', 0), buffers })).toEqual({ requests: k, hits: 0 });
  });

  it('k copies inside a page: 3k requests, 3k - 3 hits', () => {
    const operations = only('memmove', PAGE);
    expect(counts(k, { operations, buffers: { count: 1 } })).toEqual({ requests: 3 * k, hits: 3 * k - 3 });
  });

  it('k copies inside a page with two record pages, or with moving destinations: 2k - 2 hits', () => {
    const operations = only('memmove', PAGE);
    const records = { count: 1, completionPages: 2 };
    expect(counts(k, { operations, buffers: records })).toEqual({ requests: 3 * k, hits: 2 * k - 2 });
    const destinations = { count: k, sourceCount: 1 };
    expect(counts(k, { operations, buffers: destinations })).toEqual({ requests: 3 * k, hits: 2 * k - 2 });
  });

  it.each([2, 5, 9])('k copies of p = %i pages: 2kp + k requests, only the record hits', (pages) => {
    const operations = only('memmove', pages * PAGE);
    const requests = 2 * k * pages + k;
    expect(counts(k, { operations, buffers: { count: 1 } })).toEqual({ requests, hits: k - 1 });
    const records = { count: 1, completionPages: 2 };
    expect(counts(k, { operations, buffers: records })).toEqual({ requests, hits: 0 });
  });

  it.each([
    [3, 0],
    [64, 0],
    [40, 30],
    [100, 33],
  ])('one batch of %i copies and %i no-ops: 2 + n + 3m + ceil((m + n) / 64) - 1 requests', (m, n) => {
    const operations = [
      { operation: 'memmove', sizeBytes: PAGE, weight: m },
      ...(n > 0 ? [{ operation: 'nop', sizeBytes: 0, weight: n }] : []),
    ];
    const batch = m + n;
    const { requests } = counts(1, { operations, order: 'cyclic', batch });
    expect(requests).toBe(2 + n + 3 * m + Math.ceil(batch / 64) - 1);
  });
});

describe('the DevTLB', () => {
  it('keeps the last page of each field, and nothing of other fields, pages or spaces', () => {
    const tlb = new DevTlb();
    expect(tlb.lookUp(1, 7)).toBe(false);
    expect(tlb.lookUp(1, 7)).toBe(true);
    expect(tlb.lookUp(3, 7)).toBe(false);
    expect(tlb.lookUp(1, pageKey(5, 7))).toBe(false);
    expect(tlb.lookUp(1, 7)).toBe(false);
    expect(tlb.lookUp(1, 8)).toBe(false);
    expect(tlb.lookUp(3, 7)).toBe(true);
    expect([tlb.hits, tlb.misses]).toEqual([2, 5]);
  });

  it('loses an unmapped page in every field, and no other', () => {
    const tlb = new DevTlb();
    for (const field of [1, 3]) tlb.lookUp(field, 7);
    tlb.lookUp(4, 8);
    tlb.invalidate(7);
    expect([1, 3, 4].map((field) => tlb.lookUp(field, field === 4 ? 8 : 7))).toEqual([false, false, true]);
  });

  it('holds the last page of a large operand, and none before it', () => {
    const parts = submissions(1, { operations: only('crc', 5 * PAGE), buffers: { count: 1 } });
    const { tlb } = parts.registry.engines[0]!;
    expect([tlb.hits, tlb.misses]).toEqual([0, 6]);
    const first = operandsAt(parts.instances[0]!.layout, 0).source / PAGE;
    expect(tlb.lookUp(1, first + 4)).toBe(true);
    expect(tlb.lookUp(1, first + 3)).toBe(false);
  });

  it('is shared by all who feed the engine: two tenants evict each other', () => {
    const apart = Array.from({ length: 20 }, (_, i) => US + i * 20 * US);
    const options = (name: string, shiftPs: number) =>
      tenant({
        name,
        load: arriving(...apart.map((at) => at + shiftPs)),
        operations: only('memmove', PAGE),
        buffers: { count: 1 },
      });
    const alone = drained(machine({ tenants: [options('a', 0)] })).registry.engines[0]!.tlb;
    expect([alone.hits, alone.misses]).toEqual([57, 3]);
    const both = drained(machine({ tenants: [options('a', 0), options('b', 10 * US)] })).registry.engines[0]!
      .tlb;
    expect([both.hits, both.misses]).toEqual([0, 120]);
  });

  it('with pages of 2 MiB is asked once per descriptor and field, whatever the size', () => {
    const buffers = { count: 1, pageSizeBytes: 2 * 1024 * KIB };
    expect(counts(10, { operations: only('memmove', 256 * KIB), buffers })).toEqual({
      requests: 30,
      hits: 27,
    });
  });
});

describe('the IOMMU', () => {
  const SMALL = { 'translation.iotlb_entries': 4, 'translation.paging_cache_entries': 1 };
  const round = p['translation.ats_round_trip'];

  it('answers from its IOTLB in one round trip, and forgets the page used longest ago', () => {
    const iommu = new Iommu('second-stage', parameterValues(SMALL));
    // Pages far apart share no tables, so that each miss is a walk.
    let now = 0;
    const ask = (page: number) => {
      now += 100 * US;
      return iommu.request(page * 1e6, PAGE, now) === now + round;
    };
    for (const page of [1, 2, 3, 4]) expect(ask(page)).toBe(false);
    expect(ask(1)).toBe(true);
    // 2 is now the oldest.
    expect(ask(5)).toBe(false);
    expect([ask(1), ask(3), ask(4), ask(5)]).toEqual([true, true, true, true]);
    expect(ask(2)).toBe(false);
    expect([iommu.hits, iommu.misses]).toEqual([5, 6]);
  });

  it('lets a hit wait for the walk that will bring its entry', () => {
    const iommu = new Iommu('second-stage', p);
    const known = iommu.request(9, PAGE, 0);
    expect(known).toBe(round + 4 * p['translation.walk_reference']);
    expect(iommu.request(9, PAGE, US / 10)).toBe(known);
    expect(iommu.request(9, PAGE, 10 * US)).toBe(10 * US + round);
    expect([iommu.hits, iommu.misses]).toEqual([2, 1]);
  });

  it('forgets a page that is unmapped, in its IOTLB and among its leaf entries, and nothing else', () => {
    const iommu = new Iommu('second-stage', p);
    const took = (page: number, at: number) => iommu.request(page, PAGE, at) - at - round;
    for (const page of [9, 10, 900]) took(page, 0);
    iommu.invalidate(9);
    iommu.invalidate(pageKey(1, 10));
    expect(took(900, 10 * US)).toBe(0);
    expect(took(10, 20 * US)).toBe(0);
    expect(took(9, 30 * US)).toBe(p['translation.walk_reference']);
    expect(took(9, 40 * US)).toBe(0);
  });

  it('keeps address spaces apart', () => {
    const iommu = new Iommu('second-stage', p);
    const first = iommu.request(9, PAGE, 0);
    // Nor do they share tables: the second walk finds nothing cached.
    expect(iommu.request(pageKey(1, 9), PAGE, 0)).toBe(first);
    expect([iommu.hits, iommu.misses]).toEqual([0, 2]);
  });

  it('with n walkers, answers a burst of cold requests at n per walk', () => {
    for (const walkers of [1, 4, 6]) {
      const iommu = new Iommu('second-stage', parameterValues({ ...SMALL, 'translation.walkers': walkers }));
      const alone = iommu.request(0, PAGE, 0) - round;
      const start = 1000 * US;
      const times = Array.from(
        { length: 60 },
        (_, i) => iommu.request((i + 1) * 1e9, PAGE, start) - start - round,
      );
      const waves = Math.ceil(60 / walkers);
      expect(alone).toBe(4 * p['translation.walk_reference']);
      expect(Math.max(...times)).toBe(waves * alone);
      expect(times.filter((time) => time === alone)).toHaveLength(walkers);
    }
  });

  it('walks two tables where translation is nested, and never fewer references than in one', () => {
    const cold = (path: 'second-stage' | 'nested') => new Iommu(path, p).request(12345, PAGE, 0) - round;
    expect(cold('nested')).toBeGreaterThan(cold('second-stage'));
  });

  it('walks fewer levels for large pages', () => {
    const cold = (pageBytes: number) => new Iommu('second-stage', p).request(0, pageBytes, 0) - round;
    const [small, large, huge] = [cold(PAGE), cold(2 * 1024 * KIB), cold(1024 * 1024 * KIB)];
    expect([small / p['translation.walk_reference'], large / p['translation.walk_reference']]).toEqual([
      4, 3,
    ]);
    expect(huge).toBeLessThan(large);
  });

  it('sees only what misses the DevTLB, and the batch unit', () => {
    const parts = submissions(30, { batch: 70, operations: only('memmove', 2 * PAGE) });
    const { tlb } = parts.registry.engines[0]!;
    const { iommu } = parts.devices[0]!;
    expect(iommu.hits + iommu.misses).toBe(tlb.misses + tlb.bypassed);
    expect(iommu.misses).toBeGreaterThan(0);
  });
});
