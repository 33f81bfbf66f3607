import sharp from 'sharp';
import { expect, it } from 'vitest';
import { fakeModel } from '../testing/fake-results.ts';
import { evalPage } from './eval-page.ts';
import type { Suite } from './suite.ts';
import { type EvalReport, suiteReport } from './suite-report.ts';

const machine = { cpu: 'a', cores: 2, platform: 'linux x64', node: '20', onnxruntime: '1' };
const asked = {
  ...{ firstRight: true, speculativeRight: true, same: true, tokens: 3, passes: 2 },
  ...{ ids: [1, 2, 3], acceptedPerPass: [0, 0] },
};

async function page(items: readonly { name: string; right: boolean | null }[]): Promise<string> {
  const picture = await sharp({
    create: { width: 9, height: 9, channels: 3, background: 'red' },
  })
    .png()
    .toBuffer();
  const suite: Suite = {
    ...{ name: 'flags', title: 'Flags', missing: ['flag: Atlantis'] },
    items: items.map(({ name }) => ({
      ...{ name, picture, question: 'Which flag is it?', answers: { words: [name] } },
    })),
  };
  const answers = items.map(({ right }, item) => {
    const times = { speedUp: 1.5, wholeSpeedUp: 1.2 };
    return { ...asked, item, right, text: `answer ${item}`, ...times };
  });
  const { costs: _, ...model } = fakeModel(() => {
    throw new Error('nothing is asked');
  }).model.info;
  const report: EvalReport = {
    ...{ ended: 'complete', model, machine, maxTokens: 16, lossless: true, rarity: [] },
    suites: [suiteReport(suite, answers, () => 0.5)],
  };
  return evalPage(report, new Map([['flags', suite]]));
}

it('shows wrong answers, then right ones, each with its picture', async () => {
  const html = await page([
    { name: 'Chad', right: true },
    { name: 'Romania', right: false },
  ]);
  const [wrong = '', right = ''] = html.slice(html.indexOf('Wrong:')).split('Right:');
  expect(wrong).toContain('<b>Romania</b> Which flag is it? answer 1');
  expect(right).toContain('<b>Chad</b> Which flag is it? answer 0');
  expect(html.match(/src="data:image\/webp;base64,[\w+/=]+"/g)).toHaveLength(2);
});

it('names what was missing, and needs nothing from elsewhere', async () => {
  const html = await page([{ name: 'Chad', right: true }]);
  expect(html).toContain('Missing: flag: Atlantis.');
  expect(html).not.toMatch(/(src|href)="https?:/);
});

it('shows no more of many than fit a look', async () => {
  const items = Array.from({ length: 50 }, (_, at) => ({ name: `n${at}`, right: at % 2 === 0 }));
  expect((await page(items)).match(/<img /g)).toHaveLength(36);
});

it('shows answers that nobody judges apart, as neither right nor wrong', async () => {
  const html = await page([{ name: 'none', right: null }]);
  expect(html).toContain('<p>Answers:</p>');
  expect(html).not.toMatch(/<p>(Wrong|Right):/);
});
