import type { LoadOptions } from '../contracts/load.ts';
import type { Host } from '../engine/host.ts';
import { loadModel } from '../engine/load/load-model.ts';
import type { Model } from '../engine/model.ts';
import { createNodeHost } from '../engine/node/node-host.ts';
import { resolveLoadOptions } from '../load.ts';

/** The target whose words are learned, without a draft, and what it runs on. */
export async function openTeacher({
  threads,
  precision,
  model,
}: {
  readonly threads: number;
  readonly precision?: NonNullable<LoadOptions['precision']>;
  readonly model?: string | undefined;
}): Promise<{ host: Host; model: Model }> {
  const asked = {
    threads,
    ...(precision !== undefined && { precision }),
    ...(model !== undefined && { model }),
  };
  const { thread: _, ...loaded } = resolveLoadOptions(asked);
  const settings = { ...loaded, draft: null };
  const host = await createNodeHost(settings);
  return { host, model: await loadModel(host, settings) };
}
