import { matchDraft, readDraft } from '../../checkpoint/draft.ts';
import { unappliedGenerationSettings } from '../../checkpoint/generation-config.ts';
import { fingerprint, readInputFiles } from '../../checkpoint/model-files.ts';
import { checkFinite } from '../../checkpoint/read-tensor.ts';
import { readTargetConfig, selectTargetTensors } from '../../checkpoint/target-files.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TargetConfig } from '../../contracts/checkpoint.ts';
import type { LoadSettings } from '../../contracts/load.ts';
import { createImageDecoder } from '../../input/node/decode-image.ts';
import { probeDevice } from '../../runtime/device.ts';
import { createSession, type SessionSettings } from '../../runtime/session.ts';
import { imageTokenOf } from '../families.ts';
import type { DraftFiles, Host, TargetFiles } from '../host.ts';
import { readCosts, writeCosts } from './cost-cache.ts';

/** The engine's host on Node: files from disk, sessions of onnxruntime-node. */
export async function createNodeHost({
  device,
  threads,
  idle = 'sleep',
}: LoadSettings & Pick<SessionSettings, 'idle'>): Promise<Host> {
  if (device !== 'cpu') await probeDevice(device);
  return {
    clock: () => performance.now(),
    now: () => new Date(),
    readTarget,
    readDraft: readDraftFor,
    openSession: (graph) => createSession(graph, { device, threads, idle }),
    decodeImage: createImageDecoder(),
    readCosts,
    writeCosts,
  };
}

async function readTarget(dir: string): Promise<TargetFiles> {
  const config = await readTargetConfig(dir);
  const tensors = selectTargetTensors(await readTensorTable(dir), config, dir);
  const inputs = await readInputFiles(dir, imageTokenOf(config) !== undefined);
  await checkFinite(tensors); // last: it reads all of the weights
  return {
    ...inputs,
    config,
    tensors,
    unapplied: await unappliedGenerationSettings(dir),
    fingerprint: await fingerprint(tensors.values()),
  };
}

async function readDraftFor(dir: string, target: TargetConfig): Promise<DraftFiles> {
  const { config, tensors } = await readDraft(dir);
  matchDraft(config, target);
  await checkFinite(tensors);
  return { config, tensors, fingerprint: await fingerprint(tensors.values()) };
}
