import { counted } from '../../contracts/counted.ts';
import { textColumns } from '../../evaluate/text-columns.ts';
import type { Dialogue } from '../data/dialogue.ts';
import type { FeatureCache } from '../features/feature-cache.ts';
import type { HarvestJob } from './harvest-job.ts';
import type { LineFacts } from './harvest-record.ts';
import type { HarvestSettings } from './harvest-settings.ts';
import { plannedTurns } from './planned-turns.ts';

/** What runs, told before the first answer; `before` counts the dialogues that earlier runs answered. */
export function harvestNotice(
  { load, batch, settings, features }: Pick<HarvestJob, 'load' | 'batch' | 'settings' | 'features'>,
  dialogues: readonly Dialogue[],
  before: number,
  precision: string,
): string {
  const { model, device, threads } = load;
  const turns = counted(plannedTurns(dialogues, settings), 'turn');
  const pictures = dialogues.filter(({ images }) => images.length > 0).length;
  const facts = [
    ['model', `${model}, ${precision}`],
    [
      'runs',
      `on ${device}, ${counted(threads, 'thread')}, ${counted(batch, 'dialogue')} at a time`,
    ],
    ['tokens', `${samplingText(settings)}; at most ${settings.maxTokens} an answer`],
    ...(features === undefined
      ? []
      : [['keeps', `features and likeliest tokens in ${features.folder}`]]),
    ['asks', `${turns} of ${counted(dialogues.length, 'dialogue')}, ${pictures} with pictures`],
    ...(before === 0
      ? []
      : [['before', `${counted(before, 'dialogue')} answered, not asked again`]]),
  ];
  return `${textColumns(facts, [0, 1]).join('\n')}\n`;
}

/** What a harvest that is complete has made. */
export function harvestSummary(out: string, facts: readonly LineFacts[]): string {
  const kept = facts.filter(({ left }) => left === null);
  const sum = (of: 'answers' | 'tokens' | 'cut') => kept.reduce((all, fact) => all + fact[of], 0);
  const made = `${counted(sum('answers'), 'answer')} in ${counted(kept.length, 'dialogue')}`;
  const cut = sum('cut') === 0 ? '' : `, ${sum('cut')} cut at the most tokens`;
  const left = leftOut(facts.flatMap(({ left }) => left ?? []));
  return `${left}${out}: ${made}, ${counted(sum('tokens'), 'token')}${cut}\n`;
}

/** What was kept for trainings. Each answer has two files: its features, and the likeliest tokens of its places. */
export function keptNotice(
  folder: string,
  { written, evicted }: Pick<FeatureCache['counts'], 'written' | 'evicted'>,
): string {
  const lost =
    evicted === 0
      ? ''
      : `; ${counted(evicted, 'older file')} made room, and a training computes those again`;
  return `${folder}: what the target computed for ${counted(written / 2, 'answer')}${lost}\n`;
}

export function stopNotice(done: number, dialogues: number): string {
  return `stopped: ${done} of ${counted(dialogues, 'dialogue')} answered and kept; run the same command again to go on.\n`;
}

/** A line for each of what is left out, but for the many that no one would read. */
export function leftOut(reasons: readonly string[]): string {
  const more = reasons.length - SHOWN;
  const lines = reasons.slice(0, SHOWN).map((reason) => `left out: ${reason}\n`);
  return [...lines, ...(more > 0 ? [`left out: ${more} more\n`] : [])].join('');
}

const SHOWN = 20;

function samplingText({ sampling }: HarvestSettings): string {
  const { temperature, topP, topK, minP, seed } = sampling;
  if (temperature === 0) return 'greedy';
  const cuts = [
    ...(topP < 1 ? [`top-p ${topP}`] : []),
    ...(topK > 0 ? [`top-k ${topK}`] : []),
    ...(minP > 0 ? [`min-p ${minP}`] : []),
  ];
  return [`temperature ${temperature}`, ...cuts, `seed ${seed}`].join(', ');
}
