import type { ByteState } from './automaton.ts';

/**
 * The tokens of a vocabulary by their bytes: the nodes of the tree of all beginnings in the order of a walk, so that the
 * tokens that an automaton lets through are found in one loop.
 */
export interface TokenTrie {
  /** Ids in all, those without bytes included: the width of the model's logits. */
  readonly size: number;
  readonly bytesOf: (token: number) => Uint8Array | undefined;
  readonly bytes: Uint8Array; // [nodes] last byte of each beginning
  readonly depths: Uint8Array; // [nodes] how many bytes it has, from 1
  /** The node behind all that begin with it. */
  readonly ends: Int32Array; // [nodes]
  /** Where the tokens that are this beginning stand in `tokens`; those of node i end where those of i + 1 begin. */
  readonly starts: Int32Array; // [nodes + 1]
  readonly tokens: Int32Array;
}

/** Longer tokens are never allowed: runs of one character, mostly. */
const LONGEST = 255;

/** @param vocabulary the bytes that each token stands for; empty for those that write no text [V] */
export function createTokenTrie(vocabulary: readonly Uint8Array[], size: number): TokenTrie {
  const order = [...vocabulary.keys()]
    .filter((token) => {
      const { length } = vocabulary[token] as Uint8Array;
      return length > 0 && length <= LONGEST;
    })
    .sort((a, b) => compare(vocabulary[a] as Uint8Array, vocabulary[b] as Uint8Array));
  const [bytes, depths, starts, ends]: [number[], number[], number[], number[]] = [[], [], [], []];
  const open: number[] = []; // nodes on the way to the last token
  let last: Uint8Array = new Uint8Array();
  for (const [place, token] of order.entries()) {
    const own = vocabulary[token] as Uint8Array;
    const shared = sharedLength(last, own);
    for (const node of open.splice(shared)) ends[node] = bytes.length;
    for (let at = shared; at < own.length; at += 1) {
      open.push(bytes.length);
      starts.push(place);
      depths.push(at + 1);
      bytes.push(own[at] as number);
    }
    last = own;
  }
  for (const node of open) ends[node] = bytes.length;
  return {
    size,
    bytesOf: (token) => vocabulary[token],
    bytes: Uint8Array.from(bytes),
    depths: Uint8Array.from(depths),
    ends: Int32Array.from(ends),
    starts: Int32Array.from([...starts, order.length]),
    tokens: Int32Array.from(order),
  };
}

/** The tokens whose bytes may all follow, as bits by id. */
export function allowedTokens(trie: TokenTrie, from: ByteState): Uint32Array {
  const { bytes, depths, ends, starts, tokens } = trie;
  const allowed = new Uint32Array(Math.ceil(trie.size / 32));
  const states: ByteState[] = [from]; // behind the beginnings of the one that is looked at
  for (let node = 0; node < bytes.length; ) {
    const depth = depths[node] as number;
    const next = (states[depth - 1] as ByteState).step(bytes[node] as number);
    if (next === null) {
      node = ends[node] as number;
      continue;
    }
    states[depth] = next;
    node += 1;
    for (let at = starts[node - 1] as number; at < (starts[node] as number); at += 1) {
      const token = tokens[at] as number;
      allowed[token >> 5] = (allowed[token >> 5] as number) | (1 << (token & 31));
    }
  }
  return allowed;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = sharedLength(a, b);
  return at < a.length && at < b.length
    ? (a[at] as number) - (b[at] as number)
    : a.length - b.length;
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at]) at += 1;
  return at;
}
