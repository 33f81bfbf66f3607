import { createStep, type StepResult } from '../../learn/learner.ts';
import type { Course, PreparedStep } from './course.ts';

/** Takes steps of a course, counted from 0, in any order: its draws, its rates, one step of the optimiser. */
export function createTakeStep(
  course: Course,
): (step: number) => Promise<{ prepared: PreparedStep; result: StepResult }> {
  const take = createStep(course.learner);
  const { adam, clip } = course;
  return async (step) => {
    const prepared = await course.prepare(step);
    const rate = (weight: string) => course.rate(weight, step);
    return { prepared, result: await take(prepared.runs, { adam, clip, rate }) };
  };
}
