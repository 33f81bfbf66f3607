import { describe, expect, it } from 'vitest';
import { seededDraws } from '../../src/evaluate/bench-world.ts';
import { type EmojiConcept, isHeldOut } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { taughtDialogues } from './taught-dialogues.ts';
import { CAN_NOT_TELL, NAMING, PRESENCE, UNTOLD } from './taught-phrasings.ts';

const letters = (at: number) => String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26));
const concepts = Array.from({ length: 200 }, (_, at): EmojiConcept => {
  const code = (0x1f300 + at).toString(16);
  return { code, label: `thing${letters(at)}`, tags: [], flag: false };
});
const artists = [{ name: 'one', picture: async () => Uint8Array.of(1) }];
const dialogues = () => taughtDialogues(400, { concepts, artists, random: seededDraws(1) });

/** Every turn, with the label of what the picture shows. */
async function turns() {
  return (await dialogues()).flatMap(({ picture, text, then = [] }) => {
    const said = [text, ...then];
    const shown = concepts.find(({ code }) => picture.endsWith(`-${code}`)) as EmojiConcept;
    return said.flatMap((asked, at) =>
      at % 2 === 0 ? [{ shown, asked, answer: said[at + 1] ?? '' }] : [],
    );
  });
}

const begins = PRESENCE.map((text) => text.split('{name}')[0] ?? '');
const asksPresence = (asked: string) => begins.some((begin) => asked.startsWith(begin));

describe('dialogues to learn from', () => {
  it('show no concept that is held out, and speak of none', async () => {
    const held = new Set(concepts.filter(isHeldOut).map(({ label }) => label));
    expect(held.size).toBeGreaterThan(5);
    const spoken = (await turns()).flatMap(({ asked, answer }) =>
      `${asked} ${answer}`.split(/\W+/),
    );
    expect(spoken.filter((word) => held.has(word))).toEqual([]);
  });

  it('say yes of what is there, and no of what is not, one as often as the other', async () => {
    const asked = (await turns()).filter((turn) => asksPresence(turn.asked));
    for (const { shown, asked: question, answer } of asked) {
      const there = question.includes(`${shown.label} `) || question.includes(`${shown.label}?`);
      expect(answer.startsWith(there ? 'Yes' : 'No'), question).toBe(true);
    }
    const yes = asked.filter(({ answer }) => answer.startsWith('Yes')).length / asked.length;
    expect(yes).toBeGreaterThan(0.45);
    expect(yes).toBeLessThan(0.55);
  });

  it('begin with what is there as often as with what is not', async () => {
    const first = (await dialogues()).filter(({ text }) => asksPresence(text));
    const yes = first.filter(({ then = [] }) => then[0]?.startsWith('Yes'));
    expect(yes.length / first.length).toBeGreaterThan(0.43);
    expect(yes.length / first.length).toBeLessThan(0.57);
  });

  it('name what is shown, and say what can not be told', async () => {
    const all = await turns();
    const named = all.filter(({ asked }) => NAMING.includes(asked));
    expect(named.length).toBeGreaterThan(20);
    for (const { shown, answer } of named) expect(answer).toContain(shown.label);
    const untold = all.filter(({ asked }) => UNTOLD.includes(asked));
    expect(new Set(untold.map(({ answer }) => answer))).toEqual(new Set([CAN_NOT_TELL]));
  });
});
