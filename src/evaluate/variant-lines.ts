import { DEPTH_HEAD, depthCells } from './depth-rows.ts';
import { ms, share, times } from './figures.ts';
import type { SideFigures } from './pair-figures.ts';
import { textColumns } from './text-columns.ts';
import { readingShare } from './time-split.ts';
import type { PromptReport, VariantReport } from './variant-report.ts';

/** Prompts that are listed, besides those whose ids differ; the JSON has them all. */
const LISTED = 24;

/** One variant in detail: choice, rounds, acceptance, where the time went, and its prompts. */
export function variantLines(variant: VariantReport): string[] {
  const { drafter, tree, choice, trees, depths, perAnswer, hostPerRound, prompts } = variant;
  const { tokensPerSecond, firstToken } = variant;
  const rounds = Object.entries(trees)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name}: ${count}`);
  const host = [hostPerRound.plain, hostPerRound.speculative].map((side) => ms(side?.median));
  const speeds = [tokensPerSecond.plain, tokensPerSecond.speculative].map(
    (speed) => speed?.toFixed(1) ?? '-',
  );
  const facts = [
    ...(choice === null ? [] : [['choice', choice]]),
    ['rounds', rounds.join('  ')],
    ['plain', timeText(perAnswer.plain)],
    ['speculative', timeText(perAnswer.speculative)],
    ['tokens/s', `plain ${speeds[0]}, speculative ${speeds[1]} (medians, after the first token)`],
    [
      'first token',
      `plain ${ms(firstToken.plain)}, speculative ${ms(firstToken.speculative)} (medians)`,
    ],
    ['draft reads', `${readingShare(variant)} of what prefill takes`],
    ['host a round', `plain ${host[0]}, speculative ${host[1]} (medians)`],
  ];
  const listed = prompts.filter(({ differsAt }, index) => index < LISTED || differsAt !== null);
  const lines = [
    ...textColumns(facts, [0, 1]),
    ...(depths.length === 0 ? [] : textColumns([DEPTH_HEAD, ...depthCells(depths)], [])),
    ...textColumns([PROMPT_HEAD, ...listed.map(promptCells)], [0, 8]),
  ];
  if (listed.length < prompts.length)
    lines.push(`and ${prompts.length - listed.length} prompts more, which the JSON report lists`);
  return [`${drafter}, tree ${tree}`, ...lines.map((line) => `  ${line}`)];
}

export const PROMPT_HEAD =
  'prompt,pictures,tokens,passes,tokens/pass,plain ms,spec. ms,speed-up,ids'.split(',');

export function promptCells(prompt: PromptReport): string[] {
  const { name, differsAt } = prompt;
  const line = name.replaceAll(/\s+/g, ' ');
  return [
    line.length > 40 ? `${line.slice(0, 39)}…` : line,
    String(prompt.images),
    String(prompt.tokens),
    String(prompt.passes),
    prompt.tokensPerPass.toFixed(2),
    prompt.plainMs.toFixed(2),
    prompt.speculativeMs.toFixed(2),
    times(prompt.speedUp ?? undefined),
    differsAt === null ? 'equal' : `DIFFER from token ${differsAt + 1} on`,
  ];
}

function timeText({ target, draft, draftReading, host, decode, whole }: SideFigures): string {
  const part = (name: string, time: number) => `${name} ${share(time / decode)}`;
  const reading = draftReading > 0 ? ` (${part('reading', draftReading)})` : '';
  const parts = [part('target', target), part('draft', draft) + reading, part('host', host)];
  return `${ms(decode)} an answer: ${parts.join(', ')}; ${ms(whole)} with vision and prefill`;
}
