import type { ModelInfo } from '../contracts/load.ts';
import type { ContextReport } from './context-runs.ts';
import { type CostByRows, costsByRows } from './costs-by-rows.ts';
import type { Machine } from './machine.ts';
import type { Pair, RequestSettings } from './paired-runs.ts';
import type { BenchPrompt } from './prompt-set.ts';
import type { Rival } from './rivals/rival.ts';
import { type VariantReport, variantReport } from './variant-report.ts';
import { type WayReport, wayReports } from './way-report.ts';

/** Everything that `msd bench` tells, as `--json` prints it. Times are milliseconds. */
export interface BenchReport {
  /** 'interrupted' and 'failed' hold what was measured until then. */
  readonly ended: 'complete' | 'interrupted' | 'failed';
  readonly model: Omit<ModelInfo, 'costs'>;
  readonly machine: Machine;
  readonly request: RequestSettings;
  readonly prompts: number;
  readonly promptsWithImages: number;
  /** Pairs that each prompt was to have. */
  readonly repeats: number;
  /** Whether every speculative answer was plain's, token for token. */
  readonly lossless: boolean;
  readonly variants: readonly VariantReport[];
  readonly costs: {
    readonly target: readonly CostByRows[];
    /** One draft level, timed at load; null without a draft. */
    readonly draftLevel: number | null;
    /** Whether those at load came from the cache of an earlier load. */
    readonly cached: boolean;
  };
  /** Ours and other engines' by variant; empty where there were none. */
  readonly ways: readonly VariantWays[];
  /** Plain decoding behind texts of several lengths; null where none was asked for. */
  readonly contexts: ContextReport | null;
  /** Bytes that this process held after its last variant, mapped files included. */
  readonly residentBytes: number;
  /** Set where the draft is SYNTHETIC: it knows plain's text, and is right by depth with these probabilities. */
  readonly synthetic: { readonly acceptance: readonly number[] } | null;
}

/** What each way of decoding came to in one variant: plain, speculative, then each rival. */
export interface VariantWays {
  readonly drafter: string;
  readonly tree: string;
  /** Tokens of the prompts that the first token is timed of; null where none was. */
  readonly longPromptTokens: number | null;
  readonly ways: readonly WayReport[];
}

/** What was measured of a variant. */
export interface MeasuredVariant {
  readonly pairs: readonly Pair[];
  /** Of the long prompts, a token each. */
  readonly firstTokens: readonly Pair[];
  readonly residentBytes: number;
}

/** What a bench has when it ends. */
export interface Measurements {
  readonly ended: BenchReport['ended'];
  readonly info: ModelInfo;
  readonly machine: Machine;
  readonly settings: RequestSettings;
  readonly prompts: readonly BenchPrompt[];
  readonly repeats: number;
  /** One without a pair is left out of the report. */
  readonly variants: readonly MeasuredVariant[];
  readonly contexts: ContextReport | null;
  readonly rivals: readonly Pick<Rival, 'name' | 'runs' | 'tried'>[];
  /** Of a synthetic draft. */
  readonly acceptance: readonly number[] | null;
}

/** @param random uniform in [0, 1), for the intervals */
export function benchReport(measured: Measurements, random: () => number): BenchReport {
  const { ended, info, machine, settings, prompts, repeats } = measured;
  const { contexts, rivals, acceptance } = measured;
  const { costs, ...model } = info;
  const variants = measured.variants.flatMap(({ pairs: [first, ...rest] }) =>
    first === undefined ? [] : variantReport([first, ...rest], prompts, random),
  );
  return {
    ended,
    model,
    machine,
    request: settings,
    prompts: prompts.length,
    promptsWithImages: prompts.filter(({ images }) => images > 0).length,
    repeats,
    lossless: variants.every(({ lossless }) => lossless),
    variants,
    costs: {
      target: costsByRows(
        costs,
        measured.variants.flatMap(({ pairs }) => pairs),
      ),
      draftLevel: costs.draftLevel,
      cached: costs.cached,
    },
    ways:
      rivals.length === 0
        ? []
        : measured.variants.flatMap((variant) => variantWays(variant, rivals, random) ?? []),
    contexts,
    residentBytes: measured.variants.at(-1)?.residentBytes ?? 0,
    synthetic: acceptance && { acceptance },
  };
}

function variantWays(
  variant: MeasuredVariant,
  rivals: Measurements['rivals'],
  random: () => number,
): VariantWays | undefined {
  const last = variant.pairs.at(-1);
  if (last === undefined) return undefined;
  const { precision, threads, drafter, tree } = last.speculative.run;
  const here = `msd-ts, ${precision}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const runs = { plain: here, speculative: `${here}, ${drafter}, tree ${tree}` };
  return {
    drafter,
    tree,
    longPromptTokens: variant.firstTokens[0]?.plain.promptTokens ?? null,
    ways: wayReports({ ...variant, rivals, runs }, random),
  };
}
