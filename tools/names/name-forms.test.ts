import { expect, it } from 'vitest';
import { nameForms } from './name-forms.ts';

const forms = (label: string) =>
  nameForms({ code: '', label, tags: [], flag: label.startsWith('flag: ') });

it('calls a flag by its country, in fewer and fewer words', () => {
  expect(forms('flag: Bosnia & Herzegovina')).toEqual([
    ...['flag of Bosnia', 'Bosnia flag', 'Bosnia'],
  ]);
});

it('leaves out first what says little, then what stands in front', () => {
  expect(forms('smiling face with sunglasses')).toEqual([
    ...['smiling face with sunglasses', 'smiling sunglasses', 'sunglasses'],
  ]);
});

it('writes no signs', () => {
  expect(forms('person: blond hair')[0]).toBe('person blond hair');
  expect(forms('Japanese “here” button')[0]).toBe('Japanese here button');
});
