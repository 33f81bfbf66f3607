import type { PickleValue } from './pickle-value.ts';
import { PickleError } from './pickle-value.ts';

const MAX_MARKS = 64;

/** A pickle's stack: what stands above the last mark is all that may be taken. */
export interface PickleStack {
  readonly push: (value: PickleValue) => void;
  readonly pop: () => PickleValue;
  readonly top: () => PickleValue;
  /** The last `count` values, oldest first. */
  readonly popMany: (count: number) => PickleValue[];
  readonly mark: () => void;
  /** All values above the last mark, and the mark. */
  readonly popToMark: () => PickleValue[];
  /** Takes the last value, which must be the only one. */
  readonly finish: () => PickleValue;
}

export function pickleStack(): PickleStack {
  const values: PickleValue[] = [];
  /** Heights of the stack. */
  const marks: number[] = [];

  const popMany = (count: number): PickleValue[] => {
    if (values.length - count < (marks.at(-1) ?? 0)) {
      throw new PickleError('it takes more values than it has');
    }
    return values.splice(values.length - count);
  };
  const pop = () => popMany(1)[0] as PickleValue;
  return {
    push: (value) => {
      values.push(value);
    },
    pop,
    top: () => {
      const value = pop();
      values.push(value);
      return value;
    },
    popMany,
    mark: () => {
      if (marks.length === MAX_MARKS) throw new PickleError('it is nested too deep');
      marks.push(values.length);
    },
    popToMark: () => {
      const height = marks.pop();
      if (height === undefined) throw new PickleError('it goes back to a mark that is not there');
      return values.splice(height);
    },
    finish: () => {
      const result = pop();
      if (values.length === 0 && marks.length === 0) return result;
      throw new PickleError('it leaves values behind');
    },
  };
}
