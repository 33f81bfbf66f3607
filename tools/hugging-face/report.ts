import { textColumns } from '../../src/evaluate/text-columns.ts';
import { TIE, type Verdict } from './compare-answers.ts';
import type { LoadedByHuggingFace } from './hugging-face.ts';

/** One prompt answered by one of our drafters. */
export interface Comparison {
  readonly prompt: string;
  readonly pictures: number;
  readonly drafter: string;
  readonly tokens: number;
  readonly verdict: Verdict;
}

/** What is wrong with how Hugging Face loads the folder; nothing if all of its tensors are in use. */
export function tensorProblems(loaded: LoadedByHuggingFace): string[] {
  const { tensors, unused, missing, unexpected, mismatched } = loaded;
  const lists = Object.entries({ unused, missing, unexpected, mismatched });
  return [
    ...(tensors === 0 ? ['the folder holds no tensors'] : []),
    ...lists.flatMap(([label, names]) =>
      names.length === 0 ? [] : [`${label}: ${names.join(', ')}`],
    ),
  ];
}

/** Whether everything holds, and at least one prompt was compared. */
export function isSame(loaded: LoadedByHuggingFace, comparisons: readonly Comparison[]): boolean {
  return (
    tensorProblems(loaded).length === 0 &&
    comparisons.length > 0 &&
    comparisons.every(({ verdict }) => verdict.kind !== 'differs')
  );
}

const HEAD = ['prompts', 'drafter', 'answers', 'tokens', 'equal', 'near ties', 'differ'];

/** The tensors, a table of the answers, and a line about each answer that is not equal. */
export function renderReport(
  loaded: LoadedByHuggingFace,
  comparisons: readonly Comparison[],
): string {
  const problems = tensorProblems(loaded);
  const kindOf = ({ pictures, drafter }: Comparison) =>
    `${pictures > 0 ? 'with pictures' : 'words only'}\t${drafter}`;
  const rows = [...new Set(comparisons.map(kindOf))].map((kind) => {
    const these = comparisons.filter((comparison) => kindOf(comparison) === kind);
    const count = (wanted: Verdict['kind']) =>
      String(these.filter(({ verdict }) => verdict.kind === wanted).length);
    return [
      ...kind.split('\t'),
      String(these.length),
      String(these.reduce((sum, { tokens }) => sum + tokens, 0)),
      count('equal'),
      count('near tie'),
      count('differs'),
    ];
  });
  return [
    `Hugging Face (${loaded.versions}): ${loaded.tensors} tensors, ${
      problems.length === 0 ? 'all used as stored, none missing or unexpected' : 'but'
    }`,
    ...problems.map((problem) => `  ${problem}`),
    '',
    ...textColumns([HEAD, ...rows], [0, 1]),
    ...comparisons.flatMap(remark),
    '',
    isSame(loaded, comparisons) ? 'Hugging Face answers the same.' : 'Hugging Face differs.',
    '',
  ].join('\n');
}

function remark({ prompt, drafter, verdict }: Comparison): string[] {
  if (verdict.kind === 'equal') return [];
  const what =
    verdict.kind === 'differs'
      ? verdict.reason
      : `near tie at token ${verdict.token}: ours lies ${verdict.shortfall.toExponential(1)} below Hugging Face's highest logit (≤ ${TIE})`;
  return [`  ${drafter}, "${prompt}": ${what}`];
}
