import { DeviceError } from '../../../contracts/errors.ts';
import type { Device } from '../../../contracts/load.ts';
import { probeApart } from '../../../engine/node/probe-apart.ts';
import { type Check, reasonOf } from './check.ts';
import { checkAnswers } from './check-answers.ts';

/** The CPU, which has to work. */
export function checkCpu(): Promise<Check> {
  return checkDevice(
    'cpu',
    'fail',
    'Install the package again; onnxruntime-node has no binary for this machine.',
  );
}

/** A GPU through WebGPU, which msd can do without. */
export function checkWebGpu(): Promise<Check> {
  return checkDevice('webgpu', 'warn', 'Nothing, unless you want --device webgpu.');
}

/** Opens the device; if that works, a model has to answer on it. */
async function checkDevice(
  device: Device,
  status: 'warn' | 'fail',
  advice: string,
): Promise<Check> {
  const name = `device ${device}`;
  try {
    await probeApart(device);
  } catch (error) {
    const detail = error instanceof DeviceError ? error.reason : reasonOf(error);
    return { name, status, detail, advice };
  }
  const check = await checkAnswers(name, device);
  return check.status === 'ok' ? check : { ...check, status };
}
