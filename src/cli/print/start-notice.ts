import { counted } from '../../contracts/counted.ts';
import type { RunInfo } from '../../contracts/generate.ts';
import type { ModelInfo } from '../../contracts/load.ts';
import { noDraft, whoDrafts } from '../../evaluate/figures.ts';
import { textColumns } from '../../evaluate/text-columns.ts';
import { shownPath } from './shown-path.ts';

/** What runs, told before the answer. `legend` explains how drafted tokens are marked, if they are. */
export function startNotice(
  run: RunInfo,
  info: Pick<ModelInfo, 'unapplied' | 'refusedDraft'>,
  legend: string | null,
): string {
  const { device, threads } = run;
  const facts = [
    ['model', `${shownPath(run.model)}, ${run.precision}`],
    [
      'draft',
      `${run.draft === null ? noDraft(info) : shownPath(run.draft)}; drafter ${whoDrafts(run)}`,
    ],
    ['runs', `on ${device}, ${counted(threads, 'thread')}`],
    ['mode', modeText(run)],
    ...(legend === null ? [] : [['marks', legend]]),
    ...info.unapplied.map((setting) => [
      'note',
      `generation_config.json: ${setting} is not applied`,
    ]),
  ];
  return `${textColumns(facts, [0, 1]).join('\n')}\n`;
}

/** How it sets out. What then ran, the last line of an answer tells. */
function modeText({ tree, choice }: RunInfo): string {
  if (tree === 'plain') return choice ?? 'plain decoding';
  return choice === null ? `speculative, tree ${tree}` : `${tree}: ${choice}`;
}
