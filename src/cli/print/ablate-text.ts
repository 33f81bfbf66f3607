import { textColumns } from '../../evaluate/text-columns.ts';
import type { Ablation } from '../../train/ablate/ablation.ts';
import {
  type AblationTable,
  convergenceSentence,
  costsTable,
  overheadSentence,
  passesTable,
  sharesTable,
  speedUpsTable,
} from '../../train/ablate/ablation-tables.ts';
import type { ArmRun } from '../../train/ablate/arm-runs.ts';
import { countWord, durationWord } from '../../train/report/report-numbers.ts';

/** What will be trained, and how long that takes. */
export function ablationPlanText(
  runs: readonly ArmRun[],
  paces: ReadonlyMap<string, number>,
): string {
  const seconds = ({ arm, length }: ArmRun) => length.steps * (paces.get(arm.name) ?? 0);
  const rows = runs.map((run) => [
    run.arm.name,
    String(run.seed),
    countWord(run.length.steps),
    countWord(run.length.replyTokens),
    `${(100 * run.length.share).toFixed(0)} %`,
    durationWord(seconds(run)),
  ]);
  const head = ['arm', 'seed', 'steps', 'reply tokens', 'pictures', 'time'];
  const all = runs.reduce((sum, run) => sum + seconds(run), 0);
  return `${textColumns([head, ...rows], [0]).join('\n')}

${runs.length} runs take about ${durationWord(all)} by measured steps; beside that the target reads the data once, and held-out
dialogues are judged and decoded.
`;
}

/** What was found, as tables for a terminal. */
export function ablationText(ablation: Ablation): string {
  const shares = sharesTable(ablation);
  const table = (title: string, { head, rows }: AblationTable) =>
    `${title}\n${textColumns([head, ...rows], [0]).join('\n')}`;
  return `${[
    table('Tokens per pass', passesTable(ablation)),
    ...(shares === null ? [] : [table('What each idea adds, in tokens per pass', shares)]),
    table('Speed-up', speedUpsTable(ablation)),
    table('Costs of a run', costsTable(ablation)),
    overheadSentence(ablation),
    convergenceSentence(ablation),
  ].join('\n\n')}\n`;
}
