import { describe, expect, it } from 'vitest';
import { type Comparison, isSame, renderReport } from './report.ts';

const whole = {
  versions: 'transformers 1',
  tensors: 3,
  unused: [],
  missing: [],
  unexpected: [],
  mismatched: [],
  end: [2],
};
const equal: Comparison = {
  prompt: 'Hi',
  pictures: 0,
  drafter: 'none',
  tokens: 5,
  verdict: { kind: 'equal' },
};
const nearTie: Comparison = {
  ...equal,
  prompt: 'Look',
  pictures: 1,
  verdict: { kind: 'near tie', token: 4, shortfall: 2e-4 },
};
const differs: Comparison = { ...equal, verdict: { kind: 'differs', reason: 'token 1 is 5 here' } };

describe('isSame', () => {
  it.each<[string, boolean, Partial<typeof whole> | object, Comparison[]]>([
    ['equal answers and near ties', true, {}, [equal, nearTie]],
    ['an answer that differs', false, {}, [equal, differs]],
    ['no answer', false, {}, []],
    ['no tensor', false, { tensors: 0 }, [equal]],
    ['a tensor not in use', false, { unused: ['a.weight'] }, [equal]],
    ['a missing tensor', false, { missing: ['a.weight'] }, [equal]],
    ['an unexpected tensor', false, { unexpected: ['a.weight'] }, [equal]],
    ['a tensor of another shape', false, { mismatched: ['a.weight'] }, [equal]],
  ])('judges %s as %s', (_, same, loaded, comparisons) => {
    expect(isSame({ ...whole, ...loaded }, comparisons)).toBe(same);
  });
});

describe('renderReport', () => {
  it('counts answers by kind and drafter, and explains what is not equal', () => {
    const text = renderReport(whole, [nearTie, equal, differs, { ...equal, drafter: 'msd' }]);
    expect(text.split('\n')).toEqual([
      'Hugging Face (transformers 1): 3 tensors, all used as stored, none missing or unexpected',
      '',
      'prompts        drafter  answers  tokens  equal  near ties  differ',
      'with pictures  none           1       5      0          1       0',
      'words only     none           2      10      1          0       1',
      'words only     msd            1       5      1          0       0',
      '  none, "Look": near tie at token 4: ours lies 2.0e-4 below Hugging Face\'s highest logit (≤ 0.001)',
      '  none, "Hi": token 1 is 5 here',
      '',
      'Hugging Face differs.',
      '',
    ]);
  });

  it('names tensors that are not in use', () => {
    const text = renderReport({ ...whole, unused: ['a.weight', 'b.weight'] }, [equal]);
    expect(text).toContain('3 tensors, but\n  unused: a.weight, b.weight\n');
    expect(text).toContain('Hugging Face differs.');
  });
});
