import { describe, expect, it } from 'vitest';
import { PackedColumn } from '../../src/workload/packed-columns.js';
import { PointPacker } from '../../src/workload/packed-points.js';
import { load, yaml } from './support.js';

const keyOf = (design: string, at: Readonly<Record<string, string>>) => `${design} ${JSON.stringify(at)}`;

describe('packed points', () => {
  const { points } = load(
    yaml({
      designs: 'designs: [native-cdev, mdev-sva]',
      sweep: 'sweep: { tenants.guest.batch: [1, 2, 4], platform.set.engine.bandwidth: [20GB/s, 30GB/s] }',
    }),
  );

  it('give back what was packed, in any order, to the byte', () => {
    const packer = new PointPacker(keyOf);
    const packed = points.map((point) => packer.pack(point));
    for (let i = points.length - 1; i >= 0; i--) {
      const { key, ...rest } = packed[i]!;
      expect(packed[i]!.key).toBe(keyOf(points[i]!.design, points[i]!.at));
      expect(packed[i]!.design).toBe(points[i]!.design);
      expect(packed[i]!.at).toEqual(points[i]!.at);
      expect(JSON.stringify(packed[i]!.config)).toBe(JSON.stringify(points[i]!.config));
      expect(rest).toBeDefined();
    }
  });

  it('share what is equal: constants, designs, and the arrivals of a trace', () => {
    const packer = new PointPacker(keyOf);
    const arrivalsPs = Array.from({ length: 1000 }, (_, i) => i);
    const traced = points.map((point) => ({
      ...point,
      config: {
        ...point.config,
        tenants: point.config.tenants.map((tenant) => ({
          ...tenant,
          load: { kind: 'trace' as const, arrivalsPs },
        })),
      },
    }));
    const [first, second] = traced.map((point) => packer.pack(point).config);
    expect(first!.parameters).toBe(points[0]!.config.parameters);
    expect(second!.design).toBe(points[1]!.config.design);
    for (const { tenants } of [first!, second!]) {
      expect(tenants[0]!.load).toMatchObject({ kind: 'trace' });
      expect((tenants[0]!.load as { arrivalsPs: unknown }).arrivalsPs).toBe(arrivalsPs);
    }
  });

  it('share the parts in which they do not differ', () => {
    const packer = new PointPacker(keyOf);
    const [{ config, design, at, key }] = points as [(typeof points)[0]];
    const packed = Array.from({ length: 300 }, (_, seed) =>
      packer.pack({ design, at, key, config: { ...config, seed } }),
    );
    expect(packed.findIndex((point, seed) => point.config.seed !== seed)).toBe(-1);
    expect(packed[256]!.config.devices).toBe(packed[255]!.config.devices);
  });

  it('may have parts that others lack', () => {
    const packer = new PointPacker(keyOf);
    const [first, second] = points as [(typeof points)[0], (typeof points)[0]];
    const event = { action: 'reset', tenant: 'guest' };
    const lives = { ...second, config: { ...second.config, lifecycle: [event] } } as unknown as typeof second;
    const { lifecycle: _, ...plain } = first.config;
    const packed = [lives, { ...first, config: plain }, first].map((point) => packer.pack(point).config);
    expect(packed[0]!.lifecycle).toEqual([event]);
    expect(packed[1]).not.toHaveProperty('lifecycle');
    expect(packed[2]).toEqual(first.config);
  });
});

describe('a packed column', () => {
  it.each([1, 256, 257, 70_000])('gives %i distinct values back, each of them twice', (count) => {
    const column = new PackedColumn();
    for (let i = 0; i < 2 * count; i++) column.push(i % count);
    for (let i = 0; i < 2 * count; i++) if (column.at(i) !== i % count) expect.fail(`row ${i}`);
    expect(column.same(0, count)).toBe(true);
    expect(column.uniform).toBe(count === 1);
  });
});
