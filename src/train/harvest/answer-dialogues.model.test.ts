import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TINY_PAIR } from '../../checkpoint/testing/folders.ts';
import { ContextLengthError, ImageError } from '../../contracts/errors.ts';
import type { GenerateResult } from '../../contracts/generate.ts';
import type { ChatMessage } from '../../contracts/messages.ts';
import { load, type MsdModel } from '../../load.ts';
import type { Dialogue } from '../data/dialogue.ts';
import type { Outcome } from './answer-dialogues.ts';
import type { Answered } from './converse.ts';
import { harvestLine } from './harvest-record.ts';
import { said } from './testing/outcomes.ts';
import { answerAll, GREEDY, SAMPLED, someDialogues } from './testing/tiny-harvest.ts';

function answeredOf(outcome: Outcome | undefined): Answered {
  if (outcome === undefined || 'refused' in outcome) throw new Error('not answered');
  return outcome.answered;
}
const words = (text: string): Dialogue => ({
  place: { file: 'test', index: 0 },
  messages: [said('user', text)],
  images: [],
});
const textsOf = ({ messages }: Answered): string[] =>
  messages.flatMap(({ role, content: [part] }) =>
    role === 'assistant' && part?.type === 'text' ? [part.text] : [],
  );

describe.each([
  ['greedy', GREEDY],
  ['sampled', SAMPLED],
])('answers of a batch, %s', (_, settings) => {
  let model: MsdModel;
  beforeAll(async () => {
    model = await load({ ...TINY_PAIR, threads: 1, thread: false });
  });
  afterAll(() => model.dispose());

  async function plain(messages: readonly ChatMessage[], seed: number): Promise<GenerateResult> {
    const { sampling, maxTokens } = settings;
    const options = { ...sampling, seed, maxTokens, messages, drafter: 'none' } as const;
    for await (const event of model.generate(options))
      if (event.type === 'done') return event.result;
    throw new Error('no result');
  }

  it('are those of plain decoding for the same messages and seed', async () => {
    const outcomes = await answerAll(await someDialogues(12), settings, 5);
    let compared = 0;
    for (const outcome of outcomes) {
      const { answers } = answeredOf(outcome);
      const { messages } = JSON.parse(harvestLine(outcome));
      let turn = 0;
      for (const [at, { role, content }] of messages.entries()) {
        if (role !== 'assistant') continue;
        const answer = answers[turn++];
        const { text, ids, finishReason } = await plain(messages.slice(0, at), answer?.seed ?? -1);
        expect(content, `dialogue ${outcome.index}, turn ${turn}`).toBe(text);
        expect(answer).toMatchObject({ tokens: ids.length, finish: finishReason });
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(36);
  });

  it('are the same whatever its size', async () => {
    const dialogues = await someDialogues(20);
    const lines = async (batch: number) =>
      (await answerAll(dialogues, settings, batch)).map(harvestLine);
    const one = await lines(1);
    expect(one).toHaveLength(40);
    for (const batch of [4, 16]) expect(await lines(batch), `batch ${batch}`).toEqual(one);
  });
});

describe('a dialogue', () => {
  it('is asked its first turn alone, if that is wanted', async () => {
    const dialogues = await someDialogues(4);
    const all = await answerAll(dialogues, GREEDY, 4);
    const first = await answerAll(dialogues, { ...GREEDY, turns: 'first' }, 4);
    for (const [i, outcome] of first.entries()) {
      expect(textsOf(answeredOf(outcome))).toEqual(textsOf(answeredOf(all[i])).slice(0, 1));
    }
  });

  it('marks answers that are cut, or ends before them', async () => {
    const dialogues = await someDialogues(8);
    const kept = await answerAll(dialogues, { ...GREEDY, maxTokens: 9 }, 4);
    const dropped = await answerAll(dialogues, { ...GREEDY, maxTokens: 9, dropCut: true }, 4);
    let [cut, whole] = [0, 0];
    for (const [i, outcome] of kept.entries()) {
      const { answers } = answeredOf(outcome);
      const at = answers.findIndex(({ finish }) => finish === 'length');
      for (const { finish, tokens } of answers) if (finish === 'length') expect(tokens).toBe(9);
      const left = at < 0 ? answers : answers.slice(0, at);
      expect(answeredOf(dropped[i]).answers).toEqual(left);
      cut += answers.length - left.length;
      whole += left.length;
    }
    expect(Math.min(cut, whole)).toBeGreaterThan(0);
  });

  it('shows of its pictures only those of the turns that it keeps', async () => {
    const [picture] = (await someDialogues(1)).flatMap(({ images }) => images);
    const twice: Dialogue = {
      ...words(''),
      messages: [
        { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'List the shapes.' }] },
        { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'And here?' }] },
      ],
      images: [picture ?? '', picture ?? ''],
    };
    const [first] = await answerAll([twice], { ...GREEDY, turns: 'first' }, 1);
    expect(answeredOf(first).images).toEqual([picture]);
    const [both] = await answerAll([twice], GREEDY, 1);
    expect(answeredOf(both)).toMatchObject({ images: [picture, picture] });
    expect(textsOf(answeredOf(both))).toHaveLength(2);
  });

  it('that can’t be asked is refused, and the others go on', async () => {
    const [good] = await someDialogues(1);
    const lost: Dialogue = {
      ...words('What is it?'),
      messages: [{ role: 'user', content: [{ type: 'image' }] }],
      images: ['/nowhere.png'],
    };
    const outcomes = await answerAll([words('a '.repeat(3000)), good as Dialogue, lost], GREEDY, 2);
    const [long, , missing] = outcomes.map((outcome) =>
      'refused' in outcome ? outcome.refused : null,
    );
    expect(long).toBeInstanceOf(ContextLengthError);
    expect(missing).toBeInstanceOf(ImageError);
    expect(textsOf(answeredOf(outcomes[1]))).not.toEqual([]);
  });

  it('ends before a turn for which the context has no room', async () => {
    const [good] = await someDialogues(1);
    const { messages, images, place } = good as Dialogue;
    const longer = { place, images, messages: [...messages, said('user', 'a '.repeat(3000))] };
    const [short, long] = await answerAll([good as Dialogue, longer], GREEDY, 2);
    expect(answeredOf(long).messages).toEqual(answeredOf(short).messages);
  });
});
