import type { GenerateResult, RunInfo } from '../../contracts/generate.ts';
import { explainPlan } from '../../decode/explain-plan.ts';
import { summarise } from '../../decode/statistics.ts';
import { choiceName } from '../../decode/tree-shape.ts';
import type { AnswerContext, PlayedRound } from './answer-state.ts';
import { besideName, type Guessing, outlookOf, planOf } from './auto-plan.ts';
import type { Ledger } from './ledger.ts';
import type { Request } from './resolve-options.ts';
import type { Writer } from './writer.ts';

/** Why nothing drafts where rows do not keep apart. */
const APART =
  'plain and alone in every pass, since here the runtime gives a row other bits beside others';

/** What is told before the first token. */
export function runInfo(
  context: AnswerContext,
  { tree }: Pick<Request, 'tree'>,
  guessing: Guessing,
): RunInfo {
  const { model, draft, precision, device, threads } = context.model.info;
  const { name, isNetwork, ...drafter } = guessing.drafter;
  const drafts = drafter.drafts && context.model.rowsKeepApart;
  const beside = drafts ? besideName(guessing) : null;
  const who = { drafter: name, beside, drafts, isNetwork };
  const run = { model, draft, ...who, precision, device, threads };
  if (!context.model.rowsKeepApart) return { ...run, tree: 'plain', choice: APART };
  if (!drafts) return { ...run, tree: 'plain', choice: null };
  if (tree !== 'auto') return { ...run, tree: choiceName(tree), choice: null };
  return { ...run, tree, choice: explainPlan(planOf(context, guessing), outlookOf(context)) };
}

/** What is told when an answer has ended. */
export function resultOf(
  asked: Pick<Request, 'topLogprobs'>,
  run: RunInfo,
  promptTokens: number,
  cachedTokens: number,
  writer: Writer,
  played: readonly PlayedRound[],
  ledger: Ledger,
): GenerateResult {
  const rounds = played.map(({ stats }) => stats);
  const { passes, tokensPerPass, acceptedPerPass } = summarise(rounds, writer.ids.length);
  const trees: Record<string, number> = {};
  for (const { name } of played) trees[name] = (trees[name] ?? 0) + 1;
  return {
    text: writer.text,
    ...writer.said,
    ids: writer.ids,
    ...(asked.topLogprobs !== null && { logprobs: writer.logprobs }),
    finishReason: writer.finished ?? 'cancelled',
    promptTokens,
    cachedTokens,
    passes,
    tokensPerPass,
    acceptedPerPass,
    run,
    trees,
    rounds,
    timings: ledger.timings(),
  };
}
