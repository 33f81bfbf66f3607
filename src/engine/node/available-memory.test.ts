import { describe, expect, it } from 'vitest';
import { availableMemory } from './available-memory.ts';

const MIB = 2 ** 20;
const MEMINFO = 'MemTotal:       1024000 kB\nMemAvailable:    512000 kB\n';

const reading = (files: Readonly<Record<string, string>>) =>
  availableMemory(async (path) => files[path]);

describe('availableMemory', () => {
  it('is what the system can free', async () => {
    expect(await reading({ '/proc/meminfo': MEMINFO })).toBe(500 * MIB);
  });

  it('is what a container leaves, where that is less; pages of files can be dropped', async () => {
    const group = {
      '/proc/meminfo': MEMINFO,
      '/sys/fs/cgroup/memory.max': `${300 * MIB}\n`,
      '/sys/fs/cgroup/memory.current': `${250 * MIB}\n`,
      '/sys/fs/cgroup/memory.stat': `anon ${50 * MIB}\nfile ${200 * MIB}\n`,
    };
    expect(await reading(group)).toBe(250 * MIB);
    expect(await reading({ ...group, '/sys/fs/cgroup/memory.max': 'max\n' })).toBe(500 * MIB);
  });

  it('knows the older layout of control groups', async () => {
    const dir = '/sys/fs/cgroup/memory';
    const group = {
      '/proc/meminfo': MEMINFO,
      [`${dir}/memory.limit_in_bytes`]: String(300 * MIB),
      [`${dir}/memory.usage_in_bytes`]: String(250 * MIB),
      [`${dir}/memory.stat`]: `cache 1\ntotal_cache ${100 * MIB}\n`,
    };
    expect(await reading(group)).toBe(150 * MIB);
  });

  it('tells of this machine', async () => {
    expect(await availableMemory()).toBeGreaterThan(10 * MIB);
  });
});
