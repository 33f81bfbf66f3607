/**
 * How much memory this process may still take: what the system can free, and what its control group (a container)
 * leaves. Pages of files do not count as taken, since the system drops them when memory is wanted.
 */
import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';

type Read = (path: string) => Promise<string | undefined>;

/** Bytes. Where the system does not tell what it can free, all of its memory. */
export async function availableMemory(read: Read = readText): Promise<number> {
  const free = kibibytes(await read('/proc/meminfo'), 'MemAvailable') ?? totalmem();
  return Math.min(free, await leftInGroup(read));
}

/** What a control group leaves (cgroup v2, then v1); infinite without a limit. */
async function leftInGroup(read: Read): Promise<number> {
  const groups = [
    { dir: '/sys/fs/cgroup', limit: 'memory.max', used: 'memory.current', files: 'file' },
    {
      dir: '/sys/fs/cgroup/memory',
      limit: 'memory.limit_in_bytes',
      used: 'memory.usage_in_bytes',
      files: 'total_cache',
    },
  ];
  for (const { dir, limit, used, files } of groups) {
    const [most, taken, stat] = await Promise.all(
      [limit, used, 'memory.stat'].map((file) => read(`${dir}/${file}`)),
    );
    if (most === undefined || taken === undefined) continue;
    const [bound, now] = [Number(most), Number(taken)]; // `max` is no number
    if (!Number.isFinite(bound)) return Number.POSITIVE_INFINITY;
    const dropped = Number(new RegExp(`^${files} (\\d+)$`, 'm').exec(stat ?? '')?.[1] ?? 0);
    return Math.max(0, bound - Math.max(0, now - dropped));
  }
  return Number.POSITIVE_INFINITY;
}

function kibibytes(text: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined; // another system, or no control group
  }
}
