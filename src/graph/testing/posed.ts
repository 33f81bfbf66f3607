/**
 * Random problems for operators: a graph with inputs and numbers for them, all of it a function of a seed. Numbers are
 * float32, so that single and double precision start from the same ones.
 */
import { uniform } from '../../decode/uniform.ts';
import type { Dim, Shape } from '../dim.ts';
import { type Graph, input, type Value } from '../graph.ts';
import { count, type Doubles, doubles } from './reference/doubles.ts';

export interface Range {
  readonly from?: number;
  readonly to?: number;
  /** Numbers that are kept at a distance: places where a function has a kink. */
  readonly away?: readonly number[];
  /** All numbers differ by a distance. */
  readonly apart?: boolean;
  /** No gradient is asked for. */
  readonly held?: boolean;
}

/** Builds a problem piece by piece. A name in a shape gets one random size wherever it stands. */
export interface Draw {
  readonly graph: Graph;
  /** From 1 to `max`, the same for all problems of a seed at the same place. */
  size(max?: number): number;
  /** An input of random floats, from -2 to 2 unless told otherwise. */
  floats(shape: Shape, range?: Range): Value;
  /** An int32 input of random places from 0 to `end`, left out. */
  places(shape: Shape, end: Dim): Value;
  /** An int64 input with these numbers. */
  integers(values: readonly number[]): Value;
}

export interface Posed extends Draw {
  readonly given: Map<Value, Doubles>;
  /** The float inputs that are not held: a gradient is asked for each. */
  readonly variables: Value[];
  /** The next number of the stream, in [0, 1). */
  random(): number;
}

/** Values that an operator makes of random inputs. */
export type Pose = (draw: Draw) => Value | readonly Value[];

/** Problems of operators, each by what is particular about it. */
export type Problems = Readonly<Record<string, Readonly<Record<string, Pose>>>>;

/** From float kinks, and between floats that are apart. */
const DISTANCE = 0.02;

export function posed(graph: Graph, seed: number): Posed {
  const given = new Map<Value, Doubles>();
  const variables: Value[] = [];
  const sizes = new Map<string, number>();
  let drawn = 0;
  const random = () => uniform(seed, drawn++);
  const size = (max = 4) => 1 + Math.floor(random() * max);

  function sizeOf(dim: Dim): number {
    if (typeof dim === 'number') return dim;
    const terms = dim.split('+');
    if (terms.length > 1) return terms.reduce((sum, term) => sum + sizeOf(term), 0);
    const known = sizes.get(dim) ?? size();
    sizes.set(dim, known);
    return known;
  }

  function give(dtype: 'float32' | 'int32' | 'int64', shape: Shape, data: (n: number) => number[]) {
    const value = input(graph, `x${given.size}`, dtype, shape);
    const actual = shape.map(sizeOf);
    given.set(value, doubles(data(count(actual)), actual));
    return value;
  }

  function float({ from = -2, to = 2, away = [] }: Range): number {
    for (;;) {
      const x = Math.fround(from + random() * (to - from));
      if (away.every((kink) => Math.abs(x - kink) > DISTANCE)) return x;
    }
  }

  /** Numbers on a grid, in random order. */
  function apart(n: number): number[] {
    const keys = Array.from({ length: n }, random);
    return [...keys.keys()]
      .sort((a, b) => (keys[a] as number) - (keys[b] as number))
      .map((place) => Math.fround((place - n / 2) * 2 * DISTANCE + DISTANCE * random()));
  }

  return {
    graph,
    given,
    variables,
    random,
    size,
    floats(shape, range = {}) {
      const draw = (n: number) =>
        range.apart ? apart(n) : Array.from({ length: n }, () => float(range));
      const value = give('float32', shape, draw);
      if (!range.held) variables.push(value);
      return value;
    },
    places(shape, end) {
      const limit = sizeOf(end);
      return give('int32', shape, (n) =>
        Array.from({ length: n }, () => Math.floor(random() * limit)),
      );
    },
    integers: (values) => give('int64', [values.length], () => [...values]),
  };
}
