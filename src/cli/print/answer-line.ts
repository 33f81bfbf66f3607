import type { GenerateResult } from '../../contracts/generate.ts';
import type { ModelInfo } from '../../contracts/load.ts';
import { duration } from './units.ts';

type Costs = ModelInfo['costs'];

/**
 * What an answer took. The line that matters first: tokens, passes, tokens per pass, the time of each part, and how it
 * compares with plain decoding as far as that is known without running it. Then what came before the first pass.
 */
export function answerLine(result: GenerateResult, costs: Costs): string {
  const { ids, passes, tokensPerPass, promptTokens, cachedTokens, timings } = result;
  const { vision, prefill, target, draft, host } = timings;
  const parts = [
    `${counted(ids.length, 'token')} in ${counted(passes, 'pass', 'passes')}, ${tokensPerPass.toFixed(2)} tokens per pass`,
    `target ${duration(target)}, draft ${duration(draft)}, host ${duration(host)}`,
    speedUpText(result, costs),
    ENDINGS[result.finishReason],
  ];
  const before = [
    `prompt of ${counted(promptTokens, 'token')}`,
    cachedTokens > 0 ? `${cachedTokens} of them cached` : '',
    vision > 0 ? `vision ${duration(vision)}` : '',
    `prefill ${duration(prefill)}`,
  ];
  return `${said(parts, '; ')}\n${said(before, ', ')}\n`;
}

const said = (parts: readonly string[], between: string): string =>
  parts.filter((part) => part !== '').join(between);

const ENDINGS = {
  stop: '',
  length: 'ended by the limit of tokens',
  cancelled: 'cancelled',
} as const;

/** An estimate: plain decoding would pay a round of one row, timed at load, for each token after the first. */
function speedUpText({ ids, passes, run, trees, timings }: GenerateResult, costs: Costs) {
  const plain = costs.target.find(({ rows }) => rows === 1);
  const took = timings.target + timings.draft + timings.host;
  if (!run.drafts || plain === undefined || passes === 0 || took === 0) return '';
  if (trees.plain === passes) return 'no tree would have paid: plain decoding';
  const token = plain.ms + costs.host;
  const ratio = ((ids.length - 1) * token) / took;
  return `about ${ratio.toFixed(2)}x plain, estimated from ${token.toFixed(2)} ms for a plain token at load`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
