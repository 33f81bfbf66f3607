import { QWEN2_VL_DRAFT } from '../../src/checkpoint/testing/folders.ts';
import { writeEarlyDraft } from '../../src/checkpoint/testing/write-early-draft.ts';
import type { GenerateOptions, GenerateResult } from '../../src/contracts/generate.ts';
import { DRAFT_POSITIONS } from '../../src/contracts/load.ts';
import { DRAFTERS } from '../../src/draft/drafters.ts';
import { readDraft } from '../../src/families/read-draft.ts';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import { answerWithOracle } from './answer-with-oracle.ts';
import type { FamilyName, Lab, OpenModel } from './lab.ts';

const TREE = { total: 16, depth: 4, topK: 4 };

/** A way to draft for a family. */
export interface Way {
  readonly name: string;
  readonly open: OpenModel;
  answer(options: GenerateOptions, plain: GenerateResult): Promise<GenerateResult>;
}

/**
 * The oracle, prompt lookup, and the family's draft by all methods and positions that it knows.
 * @param random numbers in [0, 1), of which the oracle's trees are made
 */
export async function familyWays(
  lab: Lab,
  name: FamilyName,
  random: () => number,
): Promise<[Way, ...Way[]]> {
  const draft = await draftFor(lab, name);
  const open = await lab.openWithDraft(name, draft);
  const { method } = await readDraft(open.host.modelFolder(draft));
  const methods = DRAFTERS.filter(({ runs }) => runs?.includes(method)).map(({ name }) => name);
  const common = [oracle(open, random), by(open, 'prompt-lookup')] as const;
  if (open.model.files.config.decoder.mropeSection === undefined) {
    return [...common, ...methods.map((method) => by(open, method))];
  }
  const drafted: Way[] = [];
  for (const positions of DRAFT_POSITIONS) {
    const placed = await lab.openWithDraft(name, draft, positions);
    drafted.push(...methods.map((method) => by(placed, method, `, ${positions} positions`)));
  }
  return [...common, ...drafted];
}

function oracle(open: OpenModel, random: () => number): Way {
  return {
    name: 'oracle',
    open,
    answer: (options, plain) => answerWithOracle(open, options, plain, random),
  };
}

/** One of the model's own drafters. */
function by(open: OpenModel, drafter: string, how = ''): Way {
  return {
    name: drafter + how,
    open,
    answer: (options) => open.generate({ ...options, drafter, tree: TREE }),
  };
}

/** The draft of the family's fixture in the official form, else one made of the target. */
async function draftFor(lab: Lab, name: FamilyName): Promise<string> {
  if (name === 'qwen2-vl') return QWEN2_VL_DRAFT;
  const folder = lab.tempFolder();
  await writeEarlyDraft(repositoryPath(`fixtures/families/${name}`), folder);
  return folder;
}
