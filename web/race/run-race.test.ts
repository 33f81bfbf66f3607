import { describe, expect, it } from 'vitest';
import type { AnswerEvent } from '../answer/answer-event.ts';
import { type ChatBody, chatBody } from '../api/chat-body.ts';
import { USUAL_SETTINGS } from '../settings/settings.ts';
import { laneAt, lengthOf } from './replay.ts';
import { outcomeOf, runRace } from './run-race.ts';

const BODY = chatBody([{ role: 'user', text: 'a', pictures: [] }], USUAL_SETTINGS, 0);

/** A server whose answers take so many milliseconds each, in turn. */
function server(times: readonly number[], text = 'A') {
  let [now, asked] = [0, 0];
  const bodies: ChatBody[] = [];
  return {
    bodies,
    clock: () => now,
    async *ask(body: ChatBody): AsyncGenerator<readonly AnswerEvent[], void, undefined> {
      bodies.push(body);
      const total = times[asked] ?? 0;
      asked += 1;
      now += total;
      const plain = body.msd.plain === true;
      yield [{ type: 'word', text: plain ? 'A' : text, by: 'target' }];
      yield [{ type: 'end', finish: 'stop', clock: { firstToken: total, total } }];
    },
  };
}

describe('a race', () => {
  it('warms the prompt up, then asks for the same text with guesses, and last plain', async () => {
    const { bodies, ...parts } = server([5, 1000, 3000]);
    const steps: string[] = [];
    const race = await runRace(BODY, { ...parts, tell: (step) => steps.push(step) });
    expect(steps).toEqual(['warming up', 'speculative', 'plain']);
    expect(bodies.map(({ msd, max_tokens }) => [msd.plain ?? false, max_tokens])).toEqual([
      [false, 1],
      [false, 512],
      [true, 512],
    ]);
    expect(outcomeOf(race)).toEqual({ speedUp: 3, isSameText: true, tokens: 1 });
    // The same question asked before gives guesses no start.
    expect(bodies.slice(0, 2).map(({ msd }) => msd.forget)).toEqual(['likely', 'likely']);
  });

  it('ends with every word, one that came later than the server’s clock says too', async () => {
    const { bodies: _, ...parts } = server([5, 1000, 3000]);
    const { plain } = await runRace(BODY, { ...parts, tell: () => {} });
    const late = { ...plain, at: 2900 };
    expect(laneAt(late, 2899).tokens).toBe(0);
    expect(laneAt(late, 2900)).toMatchObject({ tokens: 1, isOver: true });
  });

  it('says where the texts differ', async () => {
    const { bodies: _, ...parts } = server([5, 1000, 3000], 'B');
    const race = await runRace(BODY, { ...parts, tell: () => {} });
    expect(outcomeOf(race).isSameText).toBe(false);
  });

  it('has no result where an answer has no end', async () => {
    const { ask: _, ...parts } = server([]);
    const cut = async function* (): AsyncGenerator<readonly AnswerEvent[], void, undefined> {
      yield [{ type: 'word', text: 'A', by: 'target' }];
    };
    await expect(runRace(BODY, { ...parts, ask: cut, tell: () => {} })).rejects.toThrow('ended');
  });

  it('is shown in its own time', async () => {
    const { bodies: _, ...parts } = server([5, 1000, 3000]);
    const race = await runRace(BODY, { ...parts, tell: () => {} });
    expect(lengthOf(race)).toBe(3000);
    expect(laneAt(race.plain, 999)).toMatchObject({ tokens: 0, isOver: false, ms: 999 });
    expect(laneAt(race.speculative, 1000)).toMatchObject({ tokens: 1, isOver: true });
    expect(laneAt(race.speculative, 2000).ms).toBe(1000);
  });
});
