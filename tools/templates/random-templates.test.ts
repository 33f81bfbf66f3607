import { describe, expect, it } from 'vitest';
import { renderHere } from '../../src/input/template/testing/snippets.ts';
import { drawTemplates, RANDOM_VARIABLES } from './random-templates.ts';

describe('drawn templates', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(drawTemplates(5, 3)).toEqual(drawTemplates(5, 3));
    expect(drawTemplates(5, 3)).not.toEqual(drawTemplates(5, 4));
  });

  it('are rendered for the better part, and else fail or are refused', () => {
    const outcomes = drawTemplates(400, 5).map((one) => renderHere(one, RANDOM_VARIABLES));
    const texts = outcomes.filter((outcome) => 'text' in outcome);
    expect(texts.length).toBeGreaterThan(outcomes.length / 2);
  });
});
