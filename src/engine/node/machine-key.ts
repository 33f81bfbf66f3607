import { readFile } from 'node:fs/promises';
import { cpus, hostname } from 'node:os';
import { runtimeVersion } from '../../runtime/runtime-version.ts';

/** What is found out about a machine holds for as long as this stays: its processor, as it shows itself, and the runtime. */
export async function machineKey(): Promise<string> {
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => ''); // Linux alone has it
  const flags = info.match(/^(flags|Features)\s*:.*$/m)?.[0];
  const processor = [hostname(), process.arch, cpus().length, cpus()[0]?.model, flags];
  return [...processor, process.versions.node, runtimeVersion()].join('|');
}
