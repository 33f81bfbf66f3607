import { SchemaError } from '../../contracts/errors.ts';
import { jsonText } from '../json-text.ts';
import type {
  ArrayRules,
  Case,
  Kind,
  NumberRules,
  ObjectRules,
  StringRules,
  Together,
} from './case.ts';

/** Both at once; null where that is nothing. */
export function conjoin(a: Case, b: Case): Case | null {
  const kinds = commonKinds(a.kinds, b.kinds);
  const values = both(a.values, b.values, commonValues);
  if (kinds?.size === 0 || values?.length === 0) return null;
  return {
    kinds,
    values,
    number: both(a.number, b.number, conjoinNumbers),
    string: both(a.string, b.string, conjoinStrings),
    array: both(a.array, b.array, conjoinArrays),
    object: both(a.object, b.object, conjoinObjects),
  };
}

const both = <T>(a: T | null, b: T | null, join: (a: T, b: T) => T): T | null =>
  a === null ? b : b === null ? a : join(a, b);

function commonKinds(a: Case['kinds'], b: Case['kinds']): Case['kinds'] {
  return both(a, b, (a, b) => {
    const common = [...a].flatMap((kind): Kind[] => {
      if (b.has(kind)) return [kind];
      if (kind === 'integer' && b.has('number')) return ['integer'];
      return kind === 'number' && b.has('integer') ? ['integer'] : [];
    });
    return new Set(common);
  });
}

function commonValues(a: readonly unknown[], b: readonly unknown[]): readonly unknown[] {
  const texts = new Set(b.map(jsonText));
  return a.filter((value) => texts.has(jsonText(value)));
}

function conjoinNumbers(a: NumberRules, b: NumberRules): NumberRules {
  const [low, high] = [a.least > b.least ? a : b, a.most < b.most ? a : b];
  return {
    least: low.least,
    leastOpen: a.least === b.least ? a.leastOpen || b.leastOpen : low.leastOpen,
    most: high.most,
    mostOpen: a.most === b.most ? a.mostOpen || b.mostOpen : high.mostOpen,
    step: a.step && b.step ? (a.step * b.step) / greatestDivisor(a.step, b.step) : a.step || b.step,
    path: a.path,
  };
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

function conjoinStrings(a: StringRules, b: StringRules): StringRules {
  const pattern = both(a.pattern, b.pattern, (a, b) => {
    if (a.source === b.source) return a;
    throw new SchemaError(
      b.path,
      b.keyword,
      `and ${a.keyword} at ${a.path} hold for the same text, which is not supported; say both in one pattern`,
    );
  });
  return { least: Math.max(a.least, b.least), most: Math.min(a.most, b.most), pattern };
}

function conjoinArrays(a: ArrayRules, b: ArrayRules): ArrayRules {
  const length = Math.max(a.first.length, b.first.length);
  const itemOf = ({ first, rest }: ArrayRules, at: number): Together => first[at] ?? rest ?? [];
  return {
    first: Array.from({ length }, (_, at) => [...itemOf(a, at), ...itemOf(b, at)]),
    rest: both(a.rest, b.rest, (a, b) => [...a, ...b]),
    least: Math.max(a.least, b.least),
    most: Math.min(a.most, b.most),
    unique: a.unique ?? b.unique,
  };
}

function conjoinObjects(a: ObjectRules, b: ObjectRules): ObjectRules {
  const names = new Set([...a.properties.keys(), ...b.properties.keys()]);
  const ofName = ({ properties, others }: ObjectRules, name: string): Together =>
    properties.get(name) ?? others ?? [];
  return {
    properties: new Map([...names].map((name) => [name, [...ofName(a, name), ...ofName(b, name)]])),
    required: new Set([...a.required, ...b.required]),
    others: both(a.others, b.others, (a, b) => [...a, ...b]),
    least: Math.max(a.least, b.least),
    most: Math.min(a.most, b.most),
    path: a.path,
  };
}
