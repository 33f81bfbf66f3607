import { cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { f32 } from '../../graph/testing/stored.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import { writeSafetensors } from '../../safetensors/testing/write-safetensors.ts';
import { openConversion } from '../open-conversion.ts';
import { scanConversions } from '../scan-conversions.ts';

/** An empty folder of converted weights, and models to convert. */
export function conversionsOf() {
  const [folder, models] = [tempFolder(), tempFolder()];
  const at = (name: string) => join(models, name);
  const weightsOf = (name: string) => join(models, name, 'model.safetensors');
  return {
    ...{ folder, at, weightsOf },
    scan: () => scanConversions(folder),
    make(name: string, seed: number): void {
      mkdirSync(at(name), { recursive: true });
      const data = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + seed));
      writeSafetensors(weightsOf(name), { a: f32([3, 4], data) });
      utimesSync(weightsOf(name), seed, seed); // whole: copying cuts times to milliseconds
    },
    /** As `cp -a`, so that both share a file. */
    copy: (from: string, to: string) =>
      cpSync(at(from), at(to), { recursive: true, preserveTimestamps: true }),
    /** Returns the path of the file. */
    async convert(name: string, now = new Date(0)): Promise<string> {
      const refs = [...(await readSafetensorsHeader(weightsOf(name))).values()];
      const plan = await openConversion(
        'w8a8',
        [{ matrices: refs }],
        { folder, model: at(name), eightBits: 'signed', now },
        () => {},
      );
      return plan.products[0]?.parts.panels?.path ?? '';
    },
    /** Half of a file, as a process leaves it. */
    part(converted: string, pid: number): string {
      const path = `${converted}.${hostname()}-${pid}-aaaa.part`;
      writeFileSync(path, 'half');
      return path;
    },
  };
}
