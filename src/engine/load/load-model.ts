import { callFormatOf } from '../../calls/call-format.ts';
import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import type { CreateDrafter, Drafter } from '../../contracts/drafter.ts';
import type { PictureReader } from '../../contracts/image.ts';
import { type LoadSettings, MODEL_PARTS, type ModelInfo } from '../../contracts/load.ts';
import { floatsOf, intsOf, type Session } from '../../contracts/session.ts';
import type { Target } from '../../contracts/target.ts';
import type { Costs, MeasuredCosts } from '../../decode/costs.ts';
import { DRAFTER_NAMES } from '../../draft/drafters.ts';
import type { RecycledFile } from '../../draft/recycle/recycled-file.ts';
import { decoderOf, familyOf } from '../../families/families.ts';
import type { DraftFiles } from '../../families/read-any-draft.ts';
import { readTarget, type TargetFiles } from '../../families/read-target.ts';
import type { Graph } from '../../graph/graph.ts';
import { createChatTemplate } from '../../input/chat-template.ts';
import { chatTemplateFrom } from '../../input/chat-template-from.ts';
import { createTokenizer } from '../../input/tokenizer.ts';
import { createBlockCache } from '../../model/block-cache.ts';
import { buildLlama } from '../../model/llama.ts';
import { createMeter, type Meter, metered } from '../answer/meter.ts';
import { createTarget } from '../answer/target.ts';
import type { Host } from '../host.ts';
import type { Inputs, Model } from '../model.ts';
import { checkTokenizer } from './check-inputs.ts';
import { convertParts } from './convert-parts.ts';
import { createDrafters } from './drafters.ts';
import { createGrammars } from './grammars.ts';
import { measureCosts, warmUp } from './measure-costs.ts';
import { computedIn, deviceText, modelInfo } from './model-info.ts';
import { openDraft } from './open-draft.ts';
import { openTable } from './open-table.ts';
import { rowsKeepApart } from './rows-keep-apart.ts';

/** Reads and checks a model folder. */
export async function openInputs(
  host: Pick<Host, 'modelFolder' | 'checkTarget' | 'now'>,
  dir: string,
): Promise<Inputs> {
  const files = await readTarget(host.modelFolder(dir));
  await host.checkTarget(dir, files, null);
  return { files, ...readInput(host, files, dir) };
}

/** Reads, checks and binds a model folder and its draft, and times them. */
export async function loadModel(
  host: Host,
  settings: LoadSettings,
  own: Readonly<Record<string, CreateDrafter>> = {},
): Promise<Model> {
  const stored = await readTarget(host.modelFolder(settings.model));
  const { draft: storedDraft, refused } = await openDraft(host, settings, stored.config);
  await host.checkTarget(settings.model, stored, storedDraft);
  if (storedDraft !== null) await host.checkDraft(storedDraft);
  const input = readInput(host, stored, settings.model);
  const table = await openTable(host, settings, input.tokenizer);
  const { files, draft } = await convertParts(host, settings, stored, storedDraft);

  const meter = createMeter();
  const leftOut = new Set<string>();
  const openSession = async (graph: Graph) => {
    const session = await host.openSession(graph);
    for (const operator of session.leftOut ?? []) leftOut.add(operator);
    return session;
  };
  const guessing = { own, table: table?.table ?? null };
  const networks = await openNetworks(
    { ...host, openSession },
    settings,
    files,
    draft,
    input.pictures,
    meter,
    guessing,
  );
  try {
    const { target, drafters } = networks;
    const drafter = draft === null ? null : await drafters.get(drafters.nameOf('auto'));
    const key = costKey(settings, files, draft);
    const { costs, cached, steady } = await costsOf(host, key, target, drafter);
    const draftLevel = draft === null ? null : costs.draftLevel;
    const draftCalls = drafter?.calls ?? 'level';
    const measured = { ...costs, draftLevel, draftCalls, cached };
    const info = {
      ...modelInfo(settings, files, draft, measured),
      ...(draft === null && { draft: null }),
      ...(table !== null && { recycled: tableInfo(table) }),
      drafters: [...DRAFTER_NAMES, ...Object.keys(own)],
      ...(refused !== undefined && { refusedDraft: refused }),
      // Drafters are opened when they are asked for, and may leave out others.
      get device() {
        return deviceText(settings.device, leftOut);
      },
    };
    const keepCosts = async (costs: Costs) => {
      if (steady) await host.writeCosts(key, { costs, steady });
    };
    return { info, files, ...networks, ...input, costs, keepCosts, meter };
  } catch (error) {
    await networks.dispose();
    throw error;
  }
}

/**
 * How words and pictures become what the networks read.
 * @throws TokenizerError, ChatTemplateError or CheckpointError that says which file of `dir` is wrong
 */
function readInput(
  { now }: Pick<Host, 'now'>,
  files: TargetFiles,
  dir: string,
): Omit<Inputs, 'files'> {
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig);
  const { namedTokens } = tokenizer;
  const source = chatTemplateFrom(files);
  const template = createChatTemplate(source, { namedTokens, now });
  const { config, preprocessor } = files;
  checkTokenizer(dir, config, tokenizer);
  const pictures = familyOf(config).pictures?.(config, { preprocessor, tokenizer }) ?? null;
  const callFormat = callFormatOf(source);
  const { decoder, eosTokenIds } = config;
  const grammars = createGrammars(tokenizer, decoder.vocabSize, eosTokenIds, callFormat);
  return { tokenizer, template, callFormat, grammars, pictures };
}

/** The vision session as what it does. */
function towerOf(vision: Session, width: number, pictures: PictureReader | null): Model['embed'] {
  const { named } = pictures ?? {};
  return async (feeds) => {
    const seen = await vision.run(feeds, ['embeddings', ...(named ? ['named'] : [])]);
    const data = floatsOf(seen, 'embeddings');
    const rows = { data, count: data.length / width, width };
    return named ? { ...rows, named: named(intsOf(seen, 'named')) } : rows;
  };
}

/** The sessions of a model, as what they do. */
async function openNetworks(
  host: Host,
  settings: LoadSettings,
  { config, tensors }: TargetFiles,
  draft: DraftFiles | null,
  pictures: PictureReader | null,
  meter: Meter,
  guessing: Pick<Parameters<typeof createDrafters>[0], 'own' | 'table'>,
): Promise<Pick<Model, 'target' | 'rowsKeepApart' | 'embed' | 'drafters' | 'dispose'>> {
  const { draftPositions: placing = 'published' } = settings;
  const open = async (graph: Graph, part: keyof Meter): Promise<Session> =>
    metered(await host.openSession(graph), part, meter, host.clock);
  const family = familyOf(config);
  const weights = decoderOf({ config, tensors });
  const visionGraph = family.vision?.(config, tensors);
  const vision = visionGraph === undefined ? null : await open(visionGraph, 'vision');
  const decoder = await open(buildLlama(config.decoder, weights), 'target').catch(
    async (error: unknown) => {
      await vision?.dispose();
      throw error;
    },
  );
  const { embedding, head } = weights;
  const { imageTokenId } = config;
  const apart = await tryRows(host, settings, config.decoder);
  const target = createTarget(decoder, config.decoder, createBlockCache(config.decoder, !apart));
  const drafters = createDrafters({
    context: { target, imageTokenId },
    draft: draft && { ...draft, embedding, head, placing },
    openSession: (graph) => open(graph, 'draft'),
    ...guessing,
  });
  return {
    target,
    rowsKeepApart: apart,
    embed: vision === null ? noTower : towerOf(vision, config.decoder.hiddenSize, pictures),
    drafters,
    dispose: async () => {
      await Promise.all([vision?.dispose(), decoder.dispose(), drafters.dispose()]);
    },
  };
}

/** Whether rows keep apart in passes of this shape, tried where that is not known. */
function tryRows(
  { openSession, passedOnce = (_, run) => run() }: Host,
  { device, threads, precision }: LoadSettings,
  decoder: DecoderConfig,
): Promise<boolean> {
  const { heads, kvHeads, headDim } = decoder;
  const numbers = computedIn(precision, MODEL_PARTS);
  const shape = { heads, kvHeads, headDim, device, threads, numbers };
  return passedOnce(`rows keep apart: ${JSON.stringify(shape)}`, () =>
    rowsKeepApart(openSession, decoder, precision),
  );
}

/** Pictures are refused before a tower is asked. */
const noTower: Model['embed'] = async () => {
  throw new TypeError('This model has no tower.');
};

const tableInfo = ({
  path,
  bytes,
  seen,
  table,
}: RecycledFile): NonNullable<ModelInfo['recycled']> => ({
  path,
  bytes,
  seen,
  endings: table.endings,
});

/** What the measured costs depend on, besides the machine. */
function costKey(
  { device, threads, precision }: LoadSettings,
  { fingerprint }: TargetFiles,
  draft: DraftFiles | null,
): string {
  const numbers = computedIn(precision, MODEL_PARTS);
  return [fingerprint, draft?.fingerprint ?? 'none', device, threads, numbers].join('-');
}

/** Costs of an earlier load, or measured now and kept for the next ones. */
async function costsOf(
  host: Host,
  key: string,
  target: Target,
  drafter: Drafter | null,
): Promise<MeasuredCosts & { cached: boolean }> {
  const known = await host.readCosts(key);
  if (known !== undefined) {
    await warmUp(known.costs, target, drafter, host.clock);
    return { ...known, cached: true };
  }
  const measured = await measureCosts(target, drafter, host.clock);
  await host.writeCosts(key, measured);
  return { ...measured, cached: false };
}
