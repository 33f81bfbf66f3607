import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import { packageFile } from '../files/package-file.ts';

/** What the times were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** `linux x64`. */
  readonly platform: string;
  readonly node: string;
  readonly onnxruntime: string;
}

export function readMachine(): Machine {
  const require = createRequire(packageFile('package.json'));
  const { version } = require('onnxruntime-node/package.json');
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    onnxruntime: String(version),
  };
}
