/** What `loop` tells inside a loop. Items are taken one ahead, where something asks for the next. */
import { equal } from './compare.ts';
import { fail } from './failure.ts';
import { lengthIn, listOf } from './iterate.ts';
import { refuse } from './refuse.ts';
import {
  type Arguments,
  lazy,
  method,
  type Opaque,
  orElse,
  tuple,
  undefinedBecause,
  type Value,
} from './values.ts';

export interface Loop {
  readonly value: Opaque;
  /** The next item; done behind the last. */
  next(): IteratorResult<Value>;
}

/**
 * Over the items of `source`, whose length counts where it has one. `recurse` renders the loop once more over other
 * items.
 */
export function createLoop(
  source: Value,
  items: Iterator<Value>,
  depth: number,
  recurse: ((items: Value, depth: number) => string) | undefined,
): Loop {
  let rest = items;
  let index = -1;
  let length: bigint | undefined;
  let previous: Value | undefined;
  let current: Value | undefined;
  let ahead: IteratorResult<Value> | undefined;
  let changedTo: Value | undefined;

  const take = (): IteratorResult<Value> => rest.next();
  const peek = () => {
    if (ahead === undefined || ahead.done) ahead = take();
    return ahead;
  };
  const count = (): bigint => {
    if (length === undefined) {
      length = lengthIn(source);
      if (length === undefined) {
        const left = listOf(lazy(rest));
        rest = left[Symbol.iterator]();
        length = BigInt(left.length + index + 1 + (ahead === undefined || ahead.done ? 0 : 1));
      }
    }
    return length;
  };
  const methods = {
    cycle: ({ positional }: Arguments) =>
      orElse(positional[index % positional.length], () => fail('no items for cycling given')),
    changed({ positional }: Arguments) {
      const value = tuple(positional);
      if (changedTo !== undefined && equal(changedTo, value)) return false;
      changedTo = value;
      return true;
    },
  };
  const attribute = (name: string): Value | undefined => {
    switch (name) {
      case 'index':
        return BigInt(index + 1);
      case 'index0':
        return BigInt(index);
      case 'revindex':
        return count() - BigInt(index);
      case 'revindex0':
        return count() - BigInt(index + 1);
      case 'length':
        return count();
      case 'first':
        return index === 0;
      case 'last':
        return peek().done === true;
      case 'depth':
        return BigInt(depth + 1);
      case 'depth0':
        return BigInt(depth);
      case 'previtem':
        return previous === undefined ? undefinedBecause('there is no previous item') : previous;
      case 'nextitem': {
        const next = peek();
        return next.done ? undefinedBecause('there is no next item') : next.value;
      }
      case 'cycle':
      case 'changed':
        return method(({ positional, named }) => {
          if (named.size > 0) return fail(`loop.${name} takes no keyword arguments`);
          return methods[name]({ positional, named });
        });
      default:
        return name.startsWith('_') ? refuse(`the attribute "${name}"`) : undefined;
    }
  };
  const call = ({ positional: [inner = null, ...more], named }: Arguments) => {
    if (recurse === undefined) return fail("the loop must have the 'recursive' marker");
    if (more.length > 0 || named.size > 0) return fail('loop takes one argument');
    return recurse(inner, depth + 1);
  };
  return {
    value: {
      kind: 'opaque',
      what: 'loop',
      attribute,
      call,
      length: count,
      text: () => `<LoopContext ${index + 1}/${count()}>`,
    },
    next() {
      const step = ahead === undefined || ahead.done ? take() : ahead;
      ahead = undefined;
      if (step.done) return step;
      index++;
      previous = current;
      current = step.value;
      return step;
    },
  };
}
