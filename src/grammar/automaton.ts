import type { Expression } from './expression.ts';

/**
 * An expression read byte by byte. What is still to be read is a stack of expressions; a state is the set of stacks that the
 * bytes so far leave, each with a byte range on top (partial derivatives after Antimirov, over continuations instead of
 * finite ones, so that rules may nest and repeats count). States are made when they are reached, and equal ones are one.
 */
export interface ByteState {
  /** Whether the text may end here. */
  readonly accepts: boolean;
  /** Whether any byte may follow. */
  readonly goesOn: boolean;
  /** The state behind a byte; null where it may not follow. */
  step(byte: number): ByteState | null;
}

/** Expressions to be read one after the other. */
interface Stack {
  readonly id: number;
  readonly top: Expression;
  readonly below: Stack | null;
}

/** A stack whose top is a byte range. */
interface ByteStack extends Stack {
  readonly top: Expression & { readonly type: 'byte' };
}

/** States that are known at most: beyond that, equal ones may be made twice. */
const MOST_STATES = 20_000;

export function createAutomaton(expression: Expression): ByteState {
  let nextId = 0;
  const ids = new Map<Expression, number>();
  const repeats = new Map<string, Expression>();
  const stacks = new Map<string, Stack>();
  const states = new Map<string, ByteState>();

  const idOf = (one: Expression): number => {
    const id = ids.get(one) ?? nextId++;
    ids.set(one, id);
    return id;
  };
  const stack = (top: Expression, below: Stack | null): Stack => {
    const key = `${idOf(top)} ${below?.id ?? -1}`;
    const known = stacks.get(key) ?? { id: nextId++, top, below };
    stacks.set(key, known);
    return known;
  };
  /** A repeat that was begun once more. */
  const begun = ({ of, least, most }: Expression & { type: 'repeat' }): Expression => {
    const left = { least: Math.max(0, least - 1), most: most - 1 };
    const key = `${idOf(of)} ${left.least} ${left.most}`;
    const known = repeats.get(key) ?? { type: 'repeat', of, ...left };
    repeats.set(key, known);
    return known;
  };
  /** The stacks with a byte on top that some stacks come to; whether an end is among them. */
  const unfold = (from: readonly (Stack | null)[], found: Map<number, ByteStack>): boolean => {
    const seen = new Set<number>();
    const waiting = [...from];
    let ends = false;
    for (let now = waiting.pop(); now !== undefined; now = waiting.pop()) {
      if (now === null) {
        ends = true;
        continue;
      }
      if (seen.has(now.id)) continue;
      seen.add(now.id);
      const { top, below } = now;
      switch (top.type) {
        case 'byte':
          found.set(now.id, now as ByteStack);
          break;
        case 'sequence':
          waiting.push(top.parts.reduceRight(over, below));
          break;
        case 'choice':
          for (const option of top.options) waiting.push(stack(option, below));
          break;
        case 'repeat':
          if (top.least === 0) waiting.push(below);
          if (top.most > 0) waiting.push(stack(top.of, stack(begun(top), below)));
          break;
        case 'rule':
          waiting.push(stack(top.body(), below));
      }
    }
    return ends;
  };
  const over = (below: Stack | null, part: Expression): Stack | null => stack(part, below);

  const stateOf = (from: readonly (Stack | null)[]): ByteState => {
    const found = new Map<number, ByteStack>();
    const ends = unfold(from, found);
    const key = `${[...found.keys()].sort((a, b) => a - b)}${ends ? '.' : ''}`;
    const known = states.get(key);
    if (known !== undefined) return known;
    if (states.size >= MOST_STATES) {
      for (const memory of [states, stacks, repeats, ids]) memory.clear();
    }
    const state = createState([...found.values()], ends);
    states.set(key, state);
    return state;
  };

  const createState = (tops: readonly ByteStack[], accepts: boolean): ByteState => {
    const row: (ByteState | null | undefined)[] = new Array(256);
    const alike = new Map<string, ByteState>(); // by the stacks that a byte leads on from
    const follow = (byte: number): ByteState | null => {
      const on = tops.filter(({ top }) => top.first <= byte && byte <= top.last);
      if (on.length === 0) return null;
      const key = on.map(({ id }) => id).join();
      const state = alike.get(key) ?? stateOf(on.map(({ below }) => below));
      alike.set(key, state);
      return state.goesOn || state.accepts ? state : null;
    };
    return {
      accepts,
      goesOn: tops.length > 0,
      step(byte) {
        let next = row[byte];
        if (next === undefined) {
          next = follow(byte);
          row[byte] = next;
        }
        return next;
      },
    };
  };
  return stateOf([stack(expression, null)]);
}
