import { expect, it } from 'vitest';
import { passMsd, runMsd } from '../testing/run-msd.ts';

const RECEIPT = 'fixtures/reader/receipt.png';

it('prints the text of pictures, and says how many lines there were', async () => {
  const { stdout, stderr } = await passMsd(['read', 'fixtures/reader/line1.png', RECEIPT]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('The quick brown fox jumps over the lazy dog');
  expect(lines).toContain('Milk 1L 1.29');
  expect(stderr).toContain('read 1 line in fixtures/reader/line1.png');
  expect(stderr).toContain(`read 7 lines in ${RECEIPT}`);
});

it('prints boxes as JSON', async () => {
  const { stdout } = await passMsd(['read', '--json', '--quiet', RECEIPT]);
  const [page] = JSON.parse(stdout).pictures;
  expect(page.picture).toBe(RECEIPT);
  const total = page.lines.find((line: { text: string }) => line.text === 'TOTAL');
  expect(total.confidence).toBeGreaterThan(0.9);
  expect(total.box).toHaveLength(4);
  const [x, y] = total.box[0];
  expect(Math.abs(x - 18) + Math.abs(y - 201)).toBeLessThan(10);
});

it('tells of a chart whose numbers are whose, and which is the most and the least', async () => {
  const { stdout } = await passMsd(['read', '--json', '--quiet', 'fixtures/reader/charts/pie.png']);
  const [{ chart }] = JSON.parse(stdout).pictures;
  expect(chart.values[chart.most]).toEqual({ name: 'Hall', number: '26.1' });
  expect(chart.values[chart.least]).toEqual({ name: 'Cellar', number: '12.2' });
});

it('says so where there is no text, or no picture', async () => {
  const { stdout, stderr } = await passMsd(['read', 'fixtures/tiny/images/square.png']);
  expect(stdout).toBe('');
  expect(stderr).toContain('no text found in fixtures/tiny/images/square.png');
  const missing = await runMsd(['read', 'none.png']);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('error: Picture none.png: there is no such file');
});

it('goes into the prompt of msd run with --read', async () => {
  const ask = ['run', '--image', RECEIPT, '--max-tokens', '4', '--json', 'What is the total?'];
  const without = JSON.parse((await passMsd(ask)).stdout);
  const { stdout, stderr } = await passMsd([...ask, '--read']);
  const read = JSON.parse(stdout);
  expect(stderr).toContain(`read 7 lines in ${RECEIPT}`);
  expect(read.readings[0].text).toContain('TOTAL 6.84');
  expect(read.prompt_tokens).toBeGreaterThan(without.prompt_tokens);
  expect(without.readings).toBeUndefined();
});

it('tells in a chat once what was read of a picture', async () => {
  const lines = `/image ${RECEIPT}\nWhat is it?\nAnd more?\n`;
  const { stderr } = await passMsd(['chat', '--read', '--max-tokens', '4'], lines);
  expect(stderr.split('read 7 lines')).toHaveLength(2);
});
