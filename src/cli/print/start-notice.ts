import { counted } from '../../contracts/counted.ts';
import type { RunInfo } from '../../contracts/generate.ts';
import type { ModelInfo } from '../../contracts/load.ts';
import { noDraft, tableText, whoDrafts } from '../../evaluate/figures.ts';
import { textColumns } from '../../evaluate/text-columns.ts';
import { shownPath } from './shown-path.ts';

/** What runs, told before the answer. `legend` explains how drafted tokens are marked, if they are. */
export function startNotice(
  run: RunInfo,
  info: Pick<ModelInfo, 'unapplied' | 'refusedDraft' | 'recycled'>,
  legend: string | null,
): string {
  const facts = [
    ...loadedFacts(run, info, whoDrafts(run)),
    ['mode', modeText(run)],
    ...(legend === null ? [] : [['marks', legend]]),
    ...info.unapplied.map((setting) => [
      'note',
      `generation_config.json: ${setting} is not applied`,
    ]),
  ];
  return `${textColumns(facts, [0, 1]).join('\n')}\n`;
}

/** What a server runs, told once it is loaded. A request may ask for another drafter, or for a tree of its own. */
export function servingNotice(info: ModelInfo): string {
  const facts = [...loadedFacts(info, info, 'auto'), ['trees', 'auto: those that pay']];
  return `${textColumns(facts, [0, 1]).join('\n')}\n`;
}

const loadedFacts = (
  { model, precision, draft, device, threads }: Loaded,
  info: Pick<ModelInfo, 'refusedDraft' | 'recycled'>,
  drafter: string,
): string[][] => [
  ['model', `${shownPath(model)}, ${precision}`],
  ['draft', `${draft === null ? noDraft(info) : shownPath(draft)}; drafter ${drafter}`],
  ...tableFacts(info),
  ['runs', `on ${device}, ${counted(threads, 'thread')}`],
];

/** What `recycled` begins with, alone or beside a draft. */
const tableFacts = ({ recycled }: Pick<ModelInfo, 'recycled'>): string[][] =>
  recycled === undefined
    ? []
    : [['recycles', `${shownPath(recycled.path)}: ${tableText(recycled)}`]];

type Loaded = Pick<RunInfo, 'model' | 'precision' | 'draft' | 'device' | 'threads'>;

/** How it sets out. What then ran, the last line of an answer tells. */
function modeText({ tree, choice }: RunInfo): string {
  if (tree === 'plain') return choice ?? 'plain decoding';
  return choice === null ? `speculative, tree ${tree}` : `${tree}: ${choice}`;
}
