import { describe, expect, it } from 'vitest';
import type { RunRecord, StepRecord, ValidationFigures } from '../run/records.ts';
import type { RunProvenance } from './run-provenance.ts';
import { trainingReport } from './training-report.ts';

const PROVENANCE: RunProvenance = {
  trained: 'draft',
  model: 'models/tiny',
  precision: 'fp32',
  device: 'cpu',
  threads: 2,
  seed: 7,
  steps: 100,
  started: new Date('2026-01-02T03:04:05Z'),
  seconds: 3725,
  config: { note: '<script>alert(1)</script>' },
  data: [{ file: 'train.json', sha256: 'ab12', dialogues: 4000 }],
  versions: { 'onnxruntime-node': '1.30.0' },
};

function targetStep(step: number): StepRecord {
  return {
    kind: 'step',
    step,
    learningRate: 1e-3,
    loss: 1 / step,
    tokenLoss: 1 / step,
    gradNorm: 2,
    scheduledShare: 0.5,
    multimodalShare: 0.25,
    replyTokens: 100,
    rows: 300,
    seconds: 0.5,
  };
}

function draftStep(step: number): StepRecord {
  return { ...targetStep(step), featureLoss: 0.5 / step, agreement: 0.8 };
}

const FIGURES = { dialogues: 40, loss: 0.3, tokenLoss: 1.1 };
const DRAFT_FIGURES = { ...FIGURES, featureLoss: 0.2, agreement: [0.87, 0.8], tokensPerPass: 4.09 };

function validation(step: number, all: ValidationFigures): RunRecord {
  const text = { ...all, loss: 0.34, ...(all.tokensPerPass ? { tokensPerPass: 3.89 } : {}) };
  const visual = { ...all, loss: 0.27, ...(all.tokensPerPass ? { tokensPerPass: 4.22 } : {}) };
  return { kind: 'validation', step, seconds: 3, all, text, visual };
}

function steps(count: number, of: (step: number) => StepRecord): StepRecord[] {
  return Array.from({ length: count }, (_, n) => of(n + 1));
}

const DRAFT_RUN = [
  validation(0, DRAFT_FIGURES),
  ...steps(100, draftStep),
  validation(100, DRAFT_FIGURES),
];

function headings(html: string): string[] {
  return [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading = '']) => heading);
}

function figures(html: string): string[] {
  return [...html.matchAll(/<svg [^>]*aria-label="([^"]*)"/g)].map(([, label = '']) => label);
}

function headline(html: string): string | undefined {
  return html.match(/<p class="headline">(.*?)<\/p>/)?.[1];
}

describe('trainingReport', () => {
  it('has every section and figure of the run of a draft', async () => {
    const html = await trainingReport(DRAFT_RUN, PROVENANCE);
    expect(headings(html)).toEqual([
      'Tokens per pass',
      'Agreement with the target',
      'Validation losses',
      'Training losses',
      'Share schedule',
      'Optimiser',
      'Speed',
      'Data and settings',
    ]);
    expect(figures(html)).toEqual([
      'Tokens per pass over steps',
      'Agreement by depth over steps',
      'Agreement at depth 1 over steps, text and visual',
      'Agreement in training over steps',
      'Validation loss over steps',
      'Training losses over steps',
      'Share of multimodal dialogues over steps',
      'Learning rate over steps',
      'Gradient norm over steps',
      'Training speed over steps',
    ]);
  });

  it('has no agreement and no tokens per pass of a target', async () => {
    const run = [...steps(100, targetStep), validation(100, FIGURES)];
    const html = await trainingReport(run, { ...PROVENANCE, trained: 'target' });
    expect(headings(html)).toEqual([
      'Validation losses',
      'Training losses',
      'Share schedule',
      'Optimiser',
      'Speed',
      'Data and settings',
    ]);
    expect(html).not.toContain('<th scope="col">Feature loss</th>');
  });

  it('leaves validation out where nothing was validated, and says so', async () => {
    const html = await trainingReport(steps(100, draftStep), PROVENANCE);
    expect(headings(html)).not.toContain('Validation losses');
    expect(headline(html)).toBe(
      'After 100 steps: training loss 0.0138, mean of the last 50; nothing was validated.',
    );
  });

  it('shows the provenance alone of a run without records', async () => {
    const html = await trainingReport([], PROVENANCE);
    expect(headings(html)).toEqual(['Data and settings']);
    expect(html).not.toContain('<svg');
    expect(headline(html)).toBe('No step is recorded.');
  });

  it('says in a sentence what a finished draft reaches', async () => {
    expect(headline(await trainingReport(DRAFT_RUN, PROVENANCE))).toBe(
      'After 100 steps, on held-out dialogues: 4.09 tokens per pass (text 3.89, visual 4.22); ' +
        'the draft agrees with the target on 87.0 % of tokens (text 87.0 %, visual 87.0 %); ' +
        'loss 0.300 (text 0.340, visual 0.270).',
    );
  });

  it('says how far a stopped run came', async () => {
    const html = await trainingReport(DRAFT_RUN, { ...PROVENANCE, steps: 2500 });
    expect(headline(html)).toMatch(/^After 100 of 2,500 steps/);
  });

  it('shows the last agreement by depth', async () => {
    const later = validation(100, { ...DRAFT_FIGURES, agreement: [0.91, 0.825] });
    const html = await trainingReport([validation(0, DRAFT_FIGURES), later], PROVENANCE);
    expect(html).toContain(
      '<tr><th scope="row">2</th><td>82.5 %</td><td>82.5 %</td><td>82.5 %</td></tr>',
    );
    expect(html).not.toContain('80.0 %');
  });

  it('counts the last of the records of a step that a resumed run went through twice', async () => {
    const again = validation(100, { ...DRAFT_FIGURES, loss: 0.123 });
    const html = await trainingReport([...DRAFT_RUN, ...steps(100, draftStep), again], PROVENANCE);
    expect(headline(html)).toContain('loss 0.123');
    expect(html).toContain('Light lines show single steps');
  });

  it('names the one kind of dialogue that a run on text alone knows', async () => {
    const text = DRAFT_FIGURES;
    const run: RunRecord[] = [{ kind: 'validation', step: 100, seconds: 3, all: text, text }];
    const html = await trainingReport(run, PROVENANCE);
    expect(html).toContain('<th scope="row">Text</th>');
    expect(html).not.toContain('<th scope="row">All</th>');
  });

  it('shows settings as text, even where they look like markup', async () => {
    const html = await trainingReport(DRAFT_RUN, PROVENANCE);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toContain('<script');
  });

  it('shows the data with their hashes and how long it took', async () => {
    const html = await trainingReport([], PROVENANCE);
    expect(html).toContain('<th scope="row">train.json</th><td>4,000 dialogues, SHA-256 ab12</td>');
    expect(html).toContain('<th scope="row">Duration</th><td>1 h 2 min</td>');
    expect(html).toContain('<th scope="row">Started</th><td>2026-01-02 03:04 UTC</td>');
  });

  it('says how many losses were no number, also of records read back from JSON', async () => {
    const lost = [{ ...draftStep(101), loss: Number.NaN }, draftStep(102)];
    const records: RunRecord[] = JSON.parse(JSON.stringify([...DRAFT_RUN, ...lost]));
    const html = await trainingReport(records, PROVENANCE);
    expect(html).toContain('Steps whose loss is no number are left out: 1.');
    expect(html).not.toMatch(/NaN|undefined|null/);
  });

  it('thins a run of 100,000 steps to less than 2 MB, and says so', async () => {
    const html = await trainingReport(steps(100_000, draftStep), { ...PROVENANCE, steps: 100_000 });
    expect(html.length).toBeLessThan(2e6);
    expect(html).toContain('Light lines show means of 100 steps each');
  });
});
