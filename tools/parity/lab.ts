/**
 * What the checks share: models opened from the repository's folders, once each, through the engine's own code. Costs
 * are measured at each opening and never read from an earlier one.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GenerateOptions, GenerateResult } from '../../src/contracts/generate.ts';
import type { DraftPositions, LoadSettings } from '../../src/contracts/load.ts';
import { floatsOf, type Tensor } from '../../src/contracts/session.ts';
import { resolveOptions } from '../../src/engine/answer/resolve-options.ts';
import { readPictures } from '../../src/engine/border/read-pictures.ts';
import { engineOf } from '../../src/engine/engine.ts';
import type { Host } from '../../src/engine/host.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import type { Model } from '../../src/engine/model.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { PICTURE_FAMILIES, TEXT_FAMILIES } from '../../src/engine/testing/family-fixture.ts';
import { readPicture } from '../../src/input/node/read-picture.ts';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import type { CacheRows } from '../../src/model/block-cache.ts';

/** The small random checkpoints of fixtures/families. */
export const FAMILY_NAMES = [...PICTURE_FAMILIES, ...TEXT_FAMILIES] as const;
export type FamilyName = (typeof FAMILY_NAMES)[number];
export type ModelName = 'tiny' | 'untrained' | FamilyName;

/** A model with its engine in place. */
export interface OpenModel {
  readonly settings: LoadSettings;
  readonly host: Host;
  readonly model: Model;
  /** Keys and values of the rows of the target's newest pass, as the decoder gave them. */
  newestColumns(): CacheRows;
  /** An answer of the library: its engine, with caches and plans of the answers before. */
  generate(options: GenerateOptions): Promise<GenerateResult>;
  dispose(): Promise<void>;
}

export interface Lab {
  /** Fewer prompts and draws, as CI can wait for. */
  readonly quick: boolean;
  open(name: ModelName): Promise<OpenModel>;
  /** A target with a draft, whose rows stand as published if nothing else is asked for. */
  openWithDraft(name: ModelName, draft: string, positions?: DraftPositions): Promise<OpenModel>;
  /** An empty folder that is gone when the lab closes. */
  tempFolder(): string;
  close(): Promise<void>;
}

export function createLab(quick: boolean): Lab {
  const opened = new Map<string, Promise<OpenModel>>();
  const folders: string[] = [];
  const tempFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'msd-parity-'));
    folders.push(folder);
    return folder;
  };
  const tinyTarget = repositoryPath('models/tiny/target');
  const folderOf = (name: ModelName) => {
    if (name === 'tiny') return tinyTarget;
    if (name !== 'untrained') return repositoryPath(`fixtures/families/${name}`);
    return withTokenizer(repositoryPath('fixtures/tiny/untrained'), tinyTarget, tempFolder());
  };
  const once = (name: ModelName, draft: string | null, positions: DraftPositions) => {
    const key = [name, draft, positions].join(' ');
    const model = opened.get(key) ?? openModel(folderOf(name), draft, positions);
    opened.set(key, model);
    return model;
  };
  return {
    quick,
    open: (name) => {
      const draft = name === 'tiny' ? repositoryPath('models/tiny/draft') : null;
      return once(name, draft, 'published');
    },
    openWithDraft: (name, draft, positions = 'published') => once(name, draft, positions),
    tempFolder,
    async close() {
      for (const open of await Promise.all(opened.values())) await open.dispose();
      for (const folder of folders) rmSync(folder, { recursive: true });
    },
  };
}

async function openModel(
  folder: string,
  draft: string | null,
  draftPositions: DraftPositions,
): Promise<OpenModel> {
  const settings: LoadSettings = {
    model: folder,
    draft,
    draftPositions,
    device: 'cpu',
    threads: availableParallelism(),
  };
  const node = await createNodeHost(settings);
  let newest: Readonly<Record<string, Tensor>> = {};
  const host: Host = {
    ...node,
    async openSession(graph) {
      const session = await node.openSession(graph);
      if (graph.name !== 'llama') return session;
      return {
        ...session,
        async run(feeds, outputs) {
          newest = await session.run(feeds, outputs);
          return newest;
        },
      };
    },
    readCosts: async () => undefined,
    writeCosts: async () => {},
  };
  const model = await loadModel(host, settings);
  const engine = engineOf(host, model);
  return {
    settings,
    host,
    model,
    newestColumns: () => ({
      keys: floatsOf(newest, 'keys'),
      values: floatsOf(newest, 'values'),
      count: (newest.keys?.shape[0] ?? 0) / model.info.layers,
    }),
    generate: async (options) =>
      engine.generate(await readPictures(resolveOptions(options), readPicture), () => {}),
    dispose: () => engine.dispose(),
  };
}

/** A folder of weights and their config only, completed by the tokenizer files of another. */
function withTokenizer(weights: string, words: string, folder: string): string {
  for (const file of readdirSync(words)) {
    if (file !== 'model.safetensors') cpSync(join(words, file), join(folder, file));
  }
  cpSync(weights, folder, { recursive: true });
  return folder;
}
