import { counted } from '../../contracts/counted.ts';
import type { GenerateResult } from '../../contracts/generate.ts';
import { tokensPerSecond } from '../../evaluate/answer-speed.ts';
import { whoDrafts } from '../../evaluate/figures.ts';
import { median } from '../../evaluate/spread.ts';
import { duration } from './units.ts';

/**
 * What an answer took, a line each: tokens and passes; how soon and how fast they came; the time of each part, with a
 * guess at plain decoding's unless it was `compared`, which measures it; and in the end what ran.
 */
export function answerLines(
  result: GenerateResult,
  contextLength: number,
  { compared }: { compared: boolean },
): string {
  const { target, draft, host } = result.timings;
  const lines = [
    [passesText(result)],
    [speedText(result), promptText(result)],
    [
      `target ${duration(target)}, draft ${duration(draft)}, host ${duration(host)}`,
      compared ? '' : estimateText(result),
    ],
    [ranText(result), endText(result, contextLength)],
  ];
  return lines.map((parts) => `${parts.filter((part) => part !== '').join('; ')}\n`).join('');
}

/** Why it ended, if not by itself. */
function endText({ finishReason, promptTokens, ids }: GenerateResult, contextLength: number) {
  if (finishReason === 'stop' || finishReason === 'tool_calls') return '';
  if (finishReason === 'cancelled') return 'cancelled';
  return promptTokens + ids.length >= contextLength
    ? `ended by the full context of ${contextLength} tokens`
    : 'ended by --max-tokens';
}

/** Says where the first token came from: without that, tokens over passes looks miscounted. */
function passesText({ ids, passes, tokensPerPass }: GenerateResult): string {
  if (passes === 0) return `${counted(ids.length, 'token')}, without a pass after the prompt's`;
  const after = ids.length - 1;
  return `${counted(ids.length, 'token')}: 1 with the prompt, ${after} in ${counted(passes, 'pass', 'passes')}, ${tokensPerPass.toFixed(2)} tokens per pass`;
}

function speedText(result: GenerateResult): string {
  const speed = tokensPerSecond(result);
  const { firstToken } = result.timings;
  const parts = [
    ...(speed === null ? [] : [`${speed.toFixed(1)} tokens/s`]),
    ...(firstToken === null ? [] : [`first token after ${duration(firstToken)}`]),
  ];
  return parts.join(', ');
}

function promptText({ promptTokens, cachedTokens, timings }: GenerateResult): string {
  const { vision, prefill } = timings;
  return [
    `prompt of ${counted(promptTokens, 'token')}`,
    ...(cachedTokens > 0 ? [`${cachedTokens} of them cached`] : []),
    ...(vision > 0 ? [`vision ${duration(vision)}`] : []),
    `prefill ${duration(prefill)}`,
  ].join(', ');
}

/** Plain decoding would take a plain pass for each token after the first, and this answer had some of those. */
function estimateText({ ids, passes, rounds, trees, timings }: GenerateResult): string {
  const plain = rounds
    .filter(({ nodes }) => nodes === 1)
    .map(({ targetMs, draftMs, hostMs }) => targetMs + draftMs + hostMs);
  const took = timings.target + timings.draft + timings.host;
  if (plain.length === 0 || trees.plain === passes || took === 0) return '';
  const token = median(plain);
  const ratio = ((ids.length - 1) * token) / took;
  return `about ${ratio.toFixed(2)}x plain by its own plain passes of ${duration(token)}`;
}

/** Trees that are named, the commonest first. */
const LISTED = 4;

/** What ran, whatever was announced. */
function ranText({ run, trees, rounds }: GenerateResult): string {
  const passes = Object.entries(trees);
  const plain = trees.plain ?? 0;
  const drafting = passes.filter(([name]) => name !== 'plain').sort(([, a], [, b]) => b - a);
  if (drafting.length === 0) {
    return run.tree === 'plain' ? 'ran plain decoding' : 'ran plain decoding: no pass was drafted';
  }
  const what = (name: string) => (name.includes(',') ? `tree ${name}` : `${name} rows`);
  const parts = drafting.slice(0, LISTED).map(([name, count]) => `${count} with ${what(name)}`);
  const others = drafting.slice(LISTED).reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) parts.push(`${others} with others`);
  if (plain > 0) parts.push(`${plain} plain`);
  const asked = rounds.filter((round) => round.asked).length;
  const calls = run.beside === null ? '' : `; ${run.drafter} was asked in ${asked}`;
  return `ran ${whoDrafts(run)}: ${parts.join(', ')}${calls}`;
}
