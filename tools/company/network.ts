import { writeEarlyDraft } from '../../src/checkpoint/testing/write-early-draft.ts';
import type { Drafter } from '../../src/contracts/drafter.ts';
import { allParts, CONVERTED_PRECISIONS } from '../../src/contracts/load.ts';
import type { Host } from '../../src/engine/host.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import type { Model } from '../../src/engine/model.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { narrowedFolder } from './narrowed-folder.ts';
import { type Columns, watchColumns } from './watch-columns.ts';

/** Numbers that the weights are stored or multiplied in. */
export const FORMATS = ['f32', 'f16', 'bf16', ...CONVERTED_PRECISIONS] as const;
export type Format = (typeof FORMATS)[number];

const convertedIn = (format: Format) => CONVERTED_PRECISIONS.find((one) => one === format);

/** A loaded target and a draft, to be asked directly. */
export interface Network {
  readonly host: Host;
  readonly model: Model;
  readonly drafter: Drafter;
  /** Of the target's newest pass. */
  readonly columns: Columns;
}

/** Folders of a model in all formats, made when they are first asked for, with its draft or one made of its own layers. */
export interface Folders {
  readonly of: (format: Format) => Promise<string>;
  readonly draft: () => Promise<string>;
}

/** @param tempFolder gives empty folders, which somebody removes in the end */
export function foldersOf(model: string, draft: string | null, tempFolder: () => string): Folders {
  const made = new Map<string, Promise<string>>();
  const once = (name: string, make: (folder: string) => Promise<void>) => {
    const folder = made.get(name) ?? makeIn(tempFolder(), make);
    made.set(name, folder);
    return folder;
  };
  return {
    of: async (format) => {
      if (convertedIn(format) !== undefined) return model;
      const dtype = format.toUpperCase() as 'F32' | 'F16' | 'BF16';
      return once(format, (folder) => narrowedFolder(model, folder, dtype));
    },
    draft: async () => draft ?? once('draft', (folder) => writeEarlyDraft(model, folder)),
  };
}

async function makeIn(folder: string, make: (folder: string) => Promise<void>): Promise<string> {
  await make(folder);
  return folder;
}

/** Loads a model without timing it. */
export async function openNetwork(
  folders: Folders,
  format: Format,
  threads: number,
): Promise<Network> {
  const settings = {
    model: await folders.of(format),
    draft: await folders.draft(),
    device: 'cpu',
    threads,
    precision: allParts(convertedIn(format) ?? 'fp32'),
  } as const;
  let layers = 0;
  const { host, columns } = watchColumns(
    {
      ...(await createNodeHost(settings)),
      readCosts: async () => ({ costs: { target: [], draftLevel: 0, host: 0 }, steady: true }),
    },
    () => layers,
  );
  const model = await loadModel(host, settings);
  layers = model.info.layers;
  const { drafters } = model;
  return { host, model, drafter: await drafters.get(drafters.nameOf('auto')), columns };
}
