import { describe, expect, it } from 'vitest';
import { PickleError } from './pickle-value.ts';
import { type PickleRules, readPickle } from './read-pickle.ts';
import { dictOf, op, program, text } from './testing/write-pytorch.ts';

/** Names every global and reveals what a call was given. */
const OPEN: PickleRules = {
  global: (module, name) => ({ kind: 'global', name: `${module}.${name}` }),
  call: (callee, args) => ({ kind: 'list', items: [callee, ...args] }),
  persistent: (id) => ({ kind: 'list', items: ['persistent', id] }),
  attributes: () => undefined,
};
const read = (...body: readonly Uint8Array[]) => readPickle(program(...body), OPEN);
const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const list = (...items: readonly unknown[]) => ({ kind: 'list', items });
const tuple = (...items: readonly unknown[]) => ({ kind: 'tuple', items });

describe('readPickle', () => {
  it.each<[string, Uint8Array, unknown]>([
    ['None', op('N'), null],
    ['True', op('\x88'), true],
    ['False', op('\x89'), false],
    ['a negative BININT', op('J\xfe\xff\xff\xff'), -2],
    ['BININT1', op('K\xff'), 255],
    ['BININT2', op('M\x01\x02'), 513],
    ['LONG1 of no bytes', op('\x8a\x00'), 0],
    ['a negative LONG1', op('\x8a\x02\x00\xff'), -256],
    ['a LONG1 of five bytes', op('\x8a\x05\x00\x00\x00\x00\x01'), 2 ** 32],
    ['BINFLOAT', op('G\x3f\xf8\x00\x00\x00\x00\x00\x00'), 1.5],
    ['BINUNICODE', text('é'), 'é'],
    ['SHORT_BINUNICODE', op('\x8c\x01a'), 'a'],
    ['BINUNICODE8', op('\x8d\x01\x00\x00\x00\x00\x00\x00\x00a'), 'a'],
    ['tuples', op('K\x01K\x02K\x03\x87\x85)\x86'), tuple(tuple(tuple(1, 2, 3)), tuple())],
    ['a marked tuple', op('(K\x01(tt'), tuple(1, tuple())],
    ['lists', op('](K\x01K\x02eK\x03a'), list(1, 2, 3)],
    ['a dict', dictOf([text('a'), op('N')]), { kind: 'dict', entries: new Map([['a', null]]) }],
    ['BINPUT and BINGET', op('K\x05q\x07h\x07\x86'), tuple(5, 5)],
    ['LONG_BINPUT and LONG_BINGET', op('K\x05r\x00\x01\x00\x00j\x00\x01\x00\x00\x86'), tuple(5, 5)],
    ['MEMOIZE', op('K\x05\x94h\x00\x86'), tuple(5, 5)],
    ['a global', op('ca\nb\n'), { kind: 'global', name: 'a.b' }],
    ['a global of the stack', op('\x8c\x01a\x8c\x01b\x93'), { kind: 'global', name: 'a.b' }],
    ['a call', op('ca\nb\nK\x01\x85R'), list({ kind: 'global', name: 'a.b' }, 1)],
    ['a persistent id', op('K\x01Q'), list('persistent', 1)],
    ['attributes', op('N}b'), null],
    ['a frame', op('\x95\x02\x00\x00\x00\x00\x00\x00\x00N'), null],
  ])('reads %s', (_, body, value) => {
    expect(read(body)).toEqual(value);
  });

  it.each<[string, Uint8Array, string]>([
    ['INST', op('(ios\nsystem\n'), 'it uses INST'],
    ['OBJ', op('(N)o'), 'it uses OBJ'],
    ['NEWOBJ', op('N)\x81'), 'it uses NEWOBJ'],
    ['NEWOBJ_EX', op('N)}\x92'), 'it uses NEWOBJ_EX'],
    ['EXT1', op('\x82\x01'), 'it uses EXT1'],
    ['EXT4', op('\x84\x01\x00\x00\x00'), 'it uses EXT4'],
    ['PERSID', op('P0\n'), 'it uses PERSID'],
    ['LONG4', op('\x8b\xff\xff\xff\x7f'), 'it uses LONG4'],
    ['BYTEARRAY8', op('\x96'), 'it uses BYTEARRAY8'],
    ['NEXT_BUFFER', op('\x97'), 'it uses NEXT_BUFFER'],
    ['a byte that is no opcode', op('\xff'), 'the unknown opcode 0xff'],
    ['a second protocol', op('\x80\x02'), 'the unknown opcode 0x80'],
    ['text longer than the pickle', op('X\xff\xff\xff\xffa'), 'cut short'],
    ['text of 2^64 bytes', op(`\x8d${'\xff'.repeat(8)}`), 'cut short'],
    ['a frame beyond the end', op(`\x95${'\xff'.repeat(8)}`), 'cut short'],
    ['text that is no UTF-8', op('\x8c\x01\xff'), 'not UTF-8'],
    ['a global without an end', op('cos'), 'cut short'],
    ['an integer of 255 bytes', op(`\x8a\xff${'\x01'.repeat(255)}`), 'more than eight bytes'],
    ['an integer beyond 2^53', op(`\x8a\x08${'\x7f'.repeat(8)}`), 'beyond 2^53'],
    ['an empty stack', op('R'), 'more values than it has'],
    ['values below a mark', op('N(\x85'), 'more values than it has'],
    ['a mark that is not there', op('Nt'), 'a mark that is not there'],
    ['65 marks', op('('.repeat(65)), 'nested too deep'],
    ['a value never stored', op('h\x05'), 'never stored'],
    ['items of a list', op(']NNs'), 'no dict'],
    ['appending to a dict', op('}Na'), 'no list'],
    ['a key without a value', op('}(Nu'), 'without a value'],
    ['a tuple as key', op('})Ns'), 'neither text nor number'],
    ['one key twice', op('}(K\x01NK\x01Nu'), 'twice'],
    ['arguments that are no tuple', op('ca\nb\nNR'), 'no tuple'],
    ['a global that is no text', op('NN\x93'), 'no text'],
    ['nothing', op(''), 'more values than it has'],
    ['two values', op('NN'), 'leaves values behind'],
    ['an open mark', op('(N'), 'leaves values behind'],
    ['bytes after the end', op('N.'), 'bytes follow its end'],
  ])('refuses %s', (_, body, problem) => {
    expect(() => read(body)).toThrow(PickleError);
    expect(() => read(body)).toThrow(problem);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', bytes(), 'cut short'],
    ['no protocol', op('N.'), 'does not begin with its protocol'],
    ['protocol 1', op('\x80\x01N.'), 'its protocol is 1'],
    ['protocol 6', op('\x80\x06N.'), 'its protocol is 6'],
    ['no end', op('\x80\x02N'), 'cut short'],
  ])('refuses a program with %s', (_, all, problem) => {
    expect(() => readPickle(all, OPEN)).toThrow(problem);
  });

  it('ends a program of more steps than any file has', () => {
    expect(() => read(Buffer.alloc(1_000_001, '}'))).toThrow('longer than 1000000 steps');
  });

  it('takes a dict that holds itself', () => {
    const value = read(op('}q\x00K\x01h\x00s'));
    expect(value).toHaveProperty('kind', 'dict');
  });
});
