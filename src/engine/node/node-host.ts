import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { LoadProgress, LoadSettings, ModelPart } from '../../contracts/load.ts';
import { packageFolder } from '../../files/package-file.ts';
import { openConversion } from '../../formats/open-conversion.ts';
import { withForms } from '../../formats/plan-conversion.ts';
import { checkFinite } from '../../formats/read-tensor.ts';
import { createImageDecoder } from '../../input/node/decode-image.ts';
import { createSession, type SessionSettings } from '../../runtime/session.ts';
import { sumsMayOverflow } from '../../runtime/sums-overflow.ts';
import type { Host } from '../host.ts';
import { partsOf, precisionOf } from '../load/model-products.ts';
import { weightsFolder } from './cache-folder.ts';
import { passedOnce } from './check-cache.ts';
import { readCosts, writeCosts } from './cost-cache.ts';
import { openReader } from './open-reader.ts';
import { packByThreads } from './pack-by-threads.ts';
import { probeApart } from './probe-apart.ts';
import { requireMemory } from './require-memory.ts';

/** The engine's host on Node: files from disk, sessions of onnxruntime-node. */
export async function createNodeHost(
  settings: LoadSettings & Pick<SessionSettings, 'idle'>,
  tell: (progress: LoadProgress) => void = () => {},
): Promise<Host & Required<Pick<Host, 'openReader'>>> {
  const { device, threads, idle = 'sleep', precision } = settings;
  /** What is converted is checked when it is. */
  const check = async (tensors: ReadonlyMap<string, TensorRef>, parts: readonly ModelPart[]) => {
    if (parts.every((part) => precisionOf(precision, part) === 'fp32')) await checkFinite(tensors);
  };
  if (device !== 'cpu') await probeApart(device);
  return {
    clock: () => performance.now(),
    letMessagesIn: () => setImmediate(),
    now: () => new Date(),
    modelFolder,
    ownTable,
    async checkTarget(dir, { config, tensors }, draft) {
      await requireMemory(dir, { config, tensors }, draft, precision);
      await check(tensors, partsOf(config, false)); // last: it reads all of the weights
    },
    checkDraft: ({ tensors }) => check(tensors, ['draft']),
    convert: (dir, tensors, products) => convert(dir, tensors, products, threads, tell),
    openSession: (graph) => createSession(graph, { device, threads, idle }),
    decodeImage: createImageDecoder(),
    openReader: () => openReader({ threads }),
    passedOnce,
    readCosts,
    writeCosts,
  };
}

/** Tables lie in folders that are called by the beginning of their tokenizer's identity. */
function ownTable(tokenizer: string): string | undefined {
  const dir = packageFolder(join('models/recycled', tokenizer.slice(0, 16)));
  return existsSync(dir) ? dir : undefined;
}

/** Milliseconds between two tellings. */
const PAUSE = 100;

async function convert(
  dir: string,
  tensors: ReadonlyMap<string, TensorRef>,
  products: Parameters<Host['convert']>[2],
  threads: number,
  tell: (progress: LoadProgress) => void,
): Promise<ReadonlyMap<string, TensorRef>> {
  let told = 0;
  let converted = tensors;
  const eightBits = (await sumsMayOverflow()) ? 'unsigned' : 'signed';
  const [folder, pack] = [weightsFolder(), packByThreads(threads)];
  const place = { folder, model: dir, eightBits, now: new Date(), pack } as const;
  for (const [precision, own] of products) {
    const plan = await openConversion(precision, own, place, (file, doneBytes, totalBytes) => {
      const now = performance.now();
      if (doneBytes < totalBytes && now - told < PAUSE) return;
      told = now;
      tell({ precision, file, doneBytes, totalBytes });
    });
    converted = withForms(converted, plan);
  }
  await checkFinite(new Map([...converted].filter(([, { form }]) => form === undefined)));
  return converted;
}
