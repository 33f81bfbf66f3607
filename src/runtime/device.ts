import { InferenceSession } from 'onnxruntime-node';
import { DeviceError } from '../contracts/errors.ts';
import type { Device } from '../contracts/load.ts';
import { createGraph, input, output } from '../graph/graph.ts';
import { add } from '../graph/operators/elementwise.ts';
import { serialise } from '../graph/serialise.ts';

/** What the webgpu provider does not know runs on the CPU beside it. */
export function providersOf(device: Device): string[] {
  return device === 'cpu' ? ['cpu'] : ['webgpu', 'cpu'];
}

/** Runs one addition on the device. Throws DeviceError, saying why, where the device can't be used. */
export async function probeDevice(device: Device): Promise<void> {
  const graph = createGraph('probe');
  const x = input(graph, 'x', 'float32', [2]);
  output('y', add(x, x));
  try {
    const session = await InferenceSession.create(
      serialise(graph, () => ''),
      { executionProviders: [device], logSeverityLevel: 4 },
    );
    await session.release();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new DeviceError(device, `${reason}.`, { cause });
  }
}
