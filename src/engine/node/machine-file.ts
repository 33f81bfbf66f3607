import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus, hostname } from 'node:os';
import { join } from 'node:path';
import { runtimeVersion } from '../../runtime/runtime-version.ts';
import { cacheFolder } from './cache-folder.ts';

/**
 * Where the cache holds what was found out about something on this machine: for as long as its processor shows itself so, and
 * the runtime stays.
 */
export async function machineFile(room: string, ...about: (string | number)[]): Promise<string> {
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => ''); // Linux alone has it
  const flags = info.match(/^(flags|Features)\s*:.*$/m)?.[0];
  const processor = [hostname(), process.arch, cpus().length, cpus()[0]?.model, flags];
  const key = [...processor, process.versions.node, runtimeVersion(), ...about].join('|');
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return join(cacheFolder(), room, `${name}.json`);
}
