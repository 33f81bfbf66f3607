import { execFile } from 'node:child_process';
import * as z from 'zod';
import { DeviceError } from '../../contracts/errors.ts';
import type { Device } from '../../contracts/load.ts';
import { packageFile } from '../../files/package-file.ts';

const said = z.object({ reason: z.string().optional() });

/** What a process that tried a device left behind. */
export interface Tried {
  readonly stdout: string;
  /** What drivers and libraries wrote by themselves. */
  readonly stderr: string;
  readonly signal: string | null;
}

/**
 * Tries a device in a process of its own before this one does: drivers write to the terminal what they like, and a crash
 * of theirs would end more than the try.
 * @throws DeviceError, saying what is missing, where the device can't be used
 */
export async function probeApart(device: Device, run = runChild): Promise<void> {
  const reason = reasonIn(await run(device));
  if (reason !== undefined) throw new DeviceError(device, reason);
}

function reasonIn({ stdout, stderr, signal }: Tried): string | undefined {
  const answer = said.safeParse(parsed(stdout));
  if (!answer.success) {
    const how = signal === null ? 'ended without an answer' : `was ended by ${signal}`;
    return `the process that tried it ${how}; update the driver of the GPU.`;
  }
  const { reason } = answer.data;
  const [, library] = stderr.match(/\b(libvulkan\.so[\w.]*): cannot open/) ?? [];
  if (reason === undefined || library === undefined) return reason;
  return `no GPU was found, since Vulkan is not installed (${library}); with a GPU, install its driver and Vulkan's loader (on Debian and Ubuntu: libvulkan1).`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function runChild(device: Device): Promise<Tried> {
  const script = packageFile('dist/engine/node/probe-child.js');
  // Inside Electron the program is Electron, which is Node when it is told so.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, device], { env }, (_, stdout, stderr) =>
      resolve({ stdout, stderr, signal: child.signalCode }),
    );
  });
}
