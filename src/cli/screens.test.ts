import { describe, expect, it } from 'vitest';
import { fakeResult, fakeRound } from '../evaluate/testing/fake-results.ts';
import { answerLines } from './print/answer-lines.ts';
import { fitColumns } from './print/fit-columns.ts';
import { startNotice } from './print/start-notice.ts';
import { validationLine } from './print/train-text.ts';
import { createWordWrap } from './print/word-wrap.ts';
import { barLine } from './terminal/train-display.ts';

const WORDS =
  'On a cream background there is a small green square at the bottom right, and nothing else that would be worth a word.';
const MARKS = "green and underlined tokens were drafted, the others are the target's own";

const run = {
  ...{ model: '/models/llava-1.5-7b-hf', draft: '/drafts/msd-llava-1.5-7b', drafter: 'msd' },
  ...{ beside: null, drafts: true, isNetwork: true },
  ...{ precision: 'w8a8 (weights F16)', device: 'cpu', threads: 8, tree: 'auto' },
  choice:
    'plain at first: a pass of tree 8,5,2 takes 301.2 ms, as long as 1.19 plain tokens; no draft was seen yet',
};
const rounds = [fakeRound(), fakeRound({ nodes: 1, targetMs: 254.1 })];
const result = {
  ...fakeResult({ ids: [1, 2, 3, 4, 5, 6], rounds, run, decodeMs: 612, vision: 1210 }),
  ...{ trees: { '8,5,2': 1, plain: 1 }, cachedTokens: 576, finishReason: 'length' as const },
};
const figures = { dialogues: 40, loss: 1.2, tokenLoss: 1, agreement: [0.61], tokensPerPass: 2.31 };
const validation = {
  ...{ kind: 'validation' as const, step: 1200, seconds: 12 },
  ...{ all: figures, text: figures, visual: figures },
};

/** What an answer and a training show at this width, colours and movement aside. */
function screen(columns: number): string {
  const wrap = createWordWrap(() => columns);
  const answer = [...wrap.push({ text: WORDS, drafted: false }), ...wrap.flush()];
  const notices = [
    startNotice(run, { unapplied: ['repetition_penalty 1.2'] }, MARKS),
    `${answer.map(({ text }) => text).join('')}\n`,
    answerLines(result, 4096, { compared: false }),
    `${validationLine(validation)}\n`,
  ];
  const words = ['3 min 20 s left', '2.31 tokens per pass', 'loss 0.412', 'agrees 61 %'];
  const more = ['1 h 12 min for all runs', 'pictures 50 %', '812 tokens/s'];
  const bar = barLine('1200/12000', [...words, ...more], columns, (size) => '='.repeat(size));
  return `${fitColumns(notices.join(''), columns)}${bar}\n`;
}

describe.each([60, 80, 100, 200])('a screen of %d columns', (columns) => {
  it('looks as the capture that was looked at', async () => {
    await expect(screen(columns)).toMatchFileSnapshot(
      `../../fixtures/screens/${columns}-columns.txt`,
    );
  });

  it('cuts nothing, and shows the tokens per pass of answer, validation and training', () => {
    const lines = screen(columns).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    const words = lines.join(' ').replaceAll(/\s+/g, ' ');
    expect(words).toContain(WORDS);
    expect(words.match(/\d\.\d\d tokens per pass|tokens per pass \d\.\d\d/g)).toHaveLength(3);
  });
});
