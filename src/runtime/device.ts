import { InferenceSession, Tensor } from 'onnxruntime-node';
import { DeviceError } from '../contracts/errors.ts';
import type { Device } from '../contracts/load.ts';
import { createGraph, input, output } from '../graph/graph.ts';
import { add } from '../graph/operators/elementwise.ts';
import { serialise } from '../graph/serialise.ts';
import { wholly } from './operators-left-out.ts';

/**
 * Runs one addition on the device. The answer comes at once where there is no device.
 * @throws DeviceError, saying why, where the device can't be used.
 */
export async function probeDevice(device: Device): Promise<void> {
  try {
    const sum = await oneAndOne(device);
    if (sum !== 2) throw new Error(`it says that 1 + 1 is ${sum}`);
  } catch (cause) {
    throw new DeviceError(device, reasonOf(cause), { cause });
  }
}

async function oneAndOne(device: Device): Promise<unknown> {
  const graph = createGraph('probe');
  const x = input(graph, 'x', 'float32', [1]);
  output('sum', add(x, x));
  const model = serialise(graph, () => '');
  const session = await InferenceSession.create(model, wholly(device));
  try {
    const { sum } = await session.run({ x: new Tensor('float32', [1], [1]) });
    return sum?.data[0];
  } finally {
    await session.release();
  }
}

function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/get a WebGPU adapter/i.test(text)) {
    return 'no GPU was found; it needs a GPU with a driver for Vulkan, Direct3D 12 or Metal.';
  }
  return `${text.trim().replace(/\s+/g, ' ').replace(/\.$/, '')}.`;
}
