import type { BenchReport, VariantWays } from './bench-report.ts';
import { CONTEXT_HEAD, contextCells, contextSentence } from './context-rows.ts';
import type { ContextReport } from './context-runs.ts';
import { costLines } from './cost-lines.ts';
import { bounds, gibibytes, noDraft, share, tableText, times } from './figures.ts';
import { SYNTHETIC } from './synthetic-drafter.ts';
import { TASK_HEAD, taskRows } from './task-rows.ts';
import { textColumns } from './text-columns.ts';
import { variantLines } from './variant-lines.ts';
import type { VariantReport } from './variant-report.ts';
import { TRIED_HEAD, triedCells, WAYS_NOTES, wayCells, waysHead } from './way-rows.ts';

/** A bench report for the eye: what ran, the table of variants, the details of each, and what rows cost. */
export function benchText(report: BenchReport): string {
  const { variants, costs } = report;
  const blocks = [
    runLines(report),
    tableLines(variants),
    ...taskLines(variants),
    ...report.ways.map(wayLines),
    ...variants.map(variantLines),
    costLines(costs),
    ...(report.contexts === null ? [] : [contextLines(report.contexts)]),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function runLines(report: BenchReport): string[] {
  return textColumns(runFacts(report), [0, 1]);
}

/** What ran, on what, and how it was asked. */
export function runFacts({ ended, model, machine, request, ...report }: BenchReport): string[][] {
  const parameters = (count: number) => `${(count / 1e6).toFixed(1)} M parameters`;
  const facts = [
    [
      'model',
      `${model.model}: ${model.family}, ${parameters(model.parameters)}, ${model.precision}`,
    ],
    [
      'draft',
      model.draft === null
        ? noDraft(model)
        : `${model.draft}: ${parameters(model.draftParameters)}`,
    ],
    ...(model.recycled === undefined
      ? []
      : [['recycles', `${model.recycled.path}: ${tableText(model.recycled)}`]]),
    ['device', `${model.device}, ${model.threads} threads`],
    ['machine', `${machine.cpu}, ${machine.cores} cores, ${machine.platform}`],
    ['software', `Node ${machine.node}, onnxruntime ${machine.onnxruntime}`],
    [
      'request',
      `${samplingText(request)}, at most ${request.maxTokens} tokens${memoryText(request)}`,
    ],
    ['prompts', `${report.prompts}, of them ${report.promptsWithImages} with pictures`],
    ['pairs', `${report.repeats} of each prompt, after a warm-up`],
  ];
  const syntheticText = syntheticSentence(report);
  if (syntheticText !== null) facts.push(['SYNTHETIC', syntheticText]);
  facts.push([
    'memory',
    `${gibibytes(report.residentBytes)} in this process after the last variant; weights ${gibibytes(model.weightBytes)}, ${model.cacheBytesPerToken} bytes of cache a token`,
  ]);
  if (model.unapplied.length > 0) facts.push(['not applied', model.unapplied.join(', ')]);
  if (ended !== 'complete') facts.push(['ended', `${ended}; this was measured until then`]);
  return facts;
}

/** What must stand wherever figures of a draft do that only plays one; null for real ones. */
export function syntheticSentence({ synthetic }: Pick<BenchReport, 'synthetic'>): string | null {
  if (synthetic === null) return null;
  return `the draft "${SYNTHETIC}" knows plain's text and is right with ${synthetic.acceptance.join(', ')} by depth; the loaded draft is called for its time alone`;
}

function samplingText({ temperature = 0, topK, topP, minP, seed = 0 }: BenchReport['request']) {
  if (temperature === 0) return 'greedy';
  const filters = Object.entries({ 'top-k': topK, 'top-p': topP, 'min-p': minP });
  const given = filters.flatMap(([name, value]) => (value === undefined ? [] : `${name} ${value}`));
  return [`temperature ${temperature}`, ...given, `seed ${seed}`].join(', ');
}

/** Nothing where answers may be guessed by those before. */
function memoryText({ forget }: BenchReport['request']): string {
  if (forget === undefined) return '';
  const shared = forget === 'all' ? ', with no caches' : '';
  return `, each answer as if none came before it${shared}`;
}

function tableLines(variants: readonly VariantReport[]): string[] {
  if (variants.length === 0) return ['No pair was measured.'];
  return [
    'Decode time (target + draft + host) of plain over speculative: median of pairs, its 95 % interval, spread',
    '(fastest: the fastest of each prompt; whole: from the request to its last token; medians)',
    ...textColumns([VARIANT_HEAD, ...variants.map(variantCells)], [0, 1, 13]),
  ];
}

/** Ours beside other engines. */
function wayLines(variant: VariantWays): string[] {
  const { drafter, tree, ways } = variant;
  const tried = triedCells(ways);
  return [
    `Beside other engines (speculative: ${drafter}, tree ${tree})`,
    ...WAYS_NOTES,
    ...textColumns([waysHead(variant), ...ways.map(wayCells)], [0]),
    ...textColumns(
      ways.map(({ name, runs }) => [name, runs]),
      [0, 1],
    ).map((line) => `  ${line}`),
    ...(tried.length === 0 ? [] : textColumns([TRIED_HEAD, ...tried], [0])).map(
      (line) => `  ${line}`,
    ),
  ];
}

function contextLines(report: ContextReport): string[] {
  return [
    'Plain decoding behind texts',
    ...textColumns([CONTEXT_HEAD, ...contextCells(report)], []),
    contextSentence(report),
  ];
}

/** By task, where prompts have some. */
function taskLines(variants: readonly VariantReport[]): string[][] {
  const rows = taskRows(variants);
  return rows.length === 0 ? [] : [textColumns([TASK_HEAD, ...rows], [0, 1, 2, 12])];
}

export const VARIANT_HEAD =
  'drafter,tree,speed-up,95 %,min,q1,q3,max,fastest,whole,tokens/pass,95 %,loops,ids'.split(',');

export function variantCells(variant: VariantReport): string[] {
  const { speedUp, pairs } = variant;
  const different = pairs.filter(({ differsAt }) => differsAt !== null).length;
  return [
    variant.drafter,
    variant.tree,
    times(speedUp?.median),
    bounds(speedUp?.interval),
    ...[speedUp?.min, speedUp?.q1, speedUp?.q3, speedUp?.max].map(times),
    times(variant.fastestSpeedUp ?? undefined),
    times(variant.wholeSpeedUp?.median),
    variant.tokensPerPass.toFixed(2),
    bounds(variant.tokensPerPassInterval),
    share(variant.looping),
    different === 0 ? 'equal' : `DIFFER in ${different} of ${pairs.length} pairs`,
  ];
}
