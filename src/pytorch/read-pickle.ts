/**
 * A pickle is a program for a stack machine that may call anything. This machine knows the opcodes that torch.save
 * writes (protocols 2 to 5) and hands every name, call and persistent id to `rules`, which knows a handful; there is
 * nothing else that it could do. Each opcode costs a bounded amount of work and memory, and so does the whole.
 */

import { type ByteCursor, byteCursor } from './byte-cursor.ts';
import { type PickleStack, pickleStack } from './pickle-stack.ts';
import { isKind, PickleError, type PickleValue } from './pickle-value.ts';
import { REFUSED_OPCODES } from './refused-opcodes.ts';

export interface PickleRules {
  /** The value of a global's name. */
  readonly global: (module: string, name: string) => PickleValue;
  /** The result of a call. */
  readonly call: (callee: PickleValue, args: readonly PickleValue[]) => PickleValue;
  readonly persistent: (id: PickleValue) => PickleValue;
  /** Takes or refuses the attributes that an object is given. */
  readonly attributes: (object: PickleValue, state: PickleValue) => void;
}

interface Machine {
  readonly cursor: ByteCursor;
  readonly stack: PickleStack;
  readonly memo: Map<number, PickleValue>;
  readonly rules: PickleRules;
}

/** A tensor takes about thirty. */
const MAX_OPCODES = 1_000_000;
const PROTO = 0x80;
const STOP = 0x2e;

/** What each opcode does; what it returns is pushed. */
const OPCODES = new Map<number, (machine: Machine) => PickleValue | undefined>([
  [0x28, nothing(({ stack }) => stack.mark())], // MARK
  [0x4e, () => null], // NONE
  [0x88, () => true], // NEWTRUE
  [0x89, () => false], // NEWFALSE
  [0x4a, ({ cursor }) => cursor.int32()], // BININT
  [0x4b, ({ cursor }) => cursor.uint8()], // BININT1
  [0x4d, ({ cursor }) => cursor.uint16()], // BININT2
  [0x8a, ({ cursor }) => littleEndianInteger(cursor.take(cursor.uint8()))], // LONG1
  [0x47, ({ cursor }) => cursor.float64BE()], // BINFLOAT
  [0x58, ({ cursor }) => cursor.utf8(cursor.uint32())], // BINUNICODE
  [0x8c, ({ cursor }) => cursor.utf8(cursor.uint8())], // SHORT_BINUNICODE
  [0x8d, ({ cursor }) => cursor.utf8(cursor.uint64())], // BINUNICODE8
  [0x29, () => tuple([])], // EMPTY_TUPLE
  [0x74, ({ stack }) => tuple(stack.popToMark())], // TUPLE
  [0x85, ({ stack }) => tuple(stack.popMany(1))], // TUPLE1
  [0x86, ({ stack }) => tuple(stack.popMany(2))], // TUPLE2
  [0x87, ({ stack }) => tuple(stack.popMany(3))], // TUPLE3
  [0x5d, () => ({ kind: 'list', items: [] })], // EMPTY_LIST
  [0x61, nothing(({ stack }) => append(stack.popMany(1), stack.top()))], // APPEND
  [0x65, nothing(({ stack }) => append(stack.popToMark(), stack.top()))], // APPENDS
  [0x7d, () => ({ kind: 'dict', entries: new Map() })], // EMPTY_DICT
  [0x73, nothing(({ stack }) => setItems(stack.popMany(2), stack.top()))], // SETITEM
  [0x75, nothing(({ stack }) => setItems(stack.popToMark(), stack.top()))], // SETITEMS
  [0x71, nothing((machine) => remember(machine, machine.cursor.uint8()))], // BINPUT
  [0x72, nothing((machine) => remember(machine, machine.cursor.uint32()))], // LONG_BINPUT
  [0x94, nothing((machine) => remember(machine, machine.memo.size))], // MEMOIZE
  [0x68, (machine) => recall(machine, machine.cursor.uint8())], // BINGET
  [0x6a, (machine) => recall(machine, machine.cursor.uint32())], // LONG_BINGET
  [0x63, ({ cursor, rules }) => rules.global(cursor.line(), cursor.line())], // GLOBAL
  [0x93, stackGlobal], // STACK_GLOBAL
  [0x52, reduce], // REDUCE
  [0x51, ({ stack, rules }) => rules.persistent(stack.pop())], // BINPERSID
  [0x62, nothing(build)], // BUILD
  [0x95, nothing(({ cursor }) => checkFrame(cursor))], // FRAME
]);

/**
 * The value that a pickle describes.
 * @throws PickleError for anything but a well-formed program that keeps to the rules
 */
export function readPickle(bytes: Uint8Array, rules: PickleRules): PickleValue {
  const machine = { cursor: byteCursor(bytes), stack: pickleStack(), memo: new Map(), rules };
  const { cursor, stack } = machine;
  checkProtocol(cursor);
  for (let steps = 0; ; steps++) {
    const opcode = cursor.uint8();
    if (opcode === STOP) break;
    if (steps === MAX_OPCODES) throw new PickleError(`it is longer than ${MAX_OPCODES} steps`);
    const value = opcodeOf(opcode)(machine);
    if (value !== undefined) stack.push(value);
  }
  if (cursor.left() > 0) throw new PickleError('bytes follow its end');
  return stack.finish();
}

function opcodeOf(opcode: number) {
  const known = OPCODES.get(opcode);
  if (known !== undefined) return known;
  const name = REFUSED_OPCODES.get(opcode) ?? `the unknown opcode 0x${opcode.toString(16)}`;
  throw new PickleError(`it uses ${name}, which no tensor needs`);
}

function checkProtocol(cursor: ByteCursor): void {
  if (cursor.uint8() !== PROTO) throw new PickleError('it does not begin with its protocol');
  const protocol = cursor.uint8();
  if (protocol >= 2 && protocol <= 5) return;
  throw new PickleError(`its protocol is ${protocol} and 2 to 5 are known`);
}

function nothing(act: (machine: Machine) => void): (machine: Machine) => undefined {
  return (machine) => {
    act(machine);
    return undefined;
  };
}

function tuple(items: readonly PickleValue[]): PickleValue {
  return { kind: 'tuple', items };
}

function append(items: readonly PickleValue[], list: PickleValue): void {
  if (!isKind(list, 'list')) throw new PickleError('it appends to something that is no list');
  for (const item of items) list.items.push(item);
}

/** Python keeps the last of two equal keys; here each has one meaning. */
function setItems(items: readonly PickleValue[], dict: PickleValue): void {
  if (!isKind(dict, 'dict')) throw new PickleError('it sets items of something that is no dict');
  if (items.length % 2 !== 0) throw new PickleError('it sets a key without a value');
  for (let i = 0; i < items.length; i += 2) {
    const [key, value] = [items[i], items[i + 1]];
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw new PickleError('it has a key that is neither text nor number');
    }
    if (dict.entries.has(key)) throw new PickleError('it sets one key of a dict twice');
    dict.entries.set(key, value as PickleValue);
  }
}

function remember({ memo, stack }: Machine, index: number): void {
  memo.set(index, stack.top());
}

function recall({ memo }: Machine, index: number): PickleValue {
  const value = memo.get(index);
  if (value === undefined) throw new PickleError('it recalls a value that it never stored');
  return value;
}

function stackGlobal({ stack, rules }: Machine): PickleValue {
  const [module, name] = stack.popMany(2);
  if (typeof module === 'string' && typeof name === 'string') return rules.global(module, name);
  throw new PickleError('it asks for a global whose name is no text');
}

function reduce({ stack, rules }: Machine): PickleValue {
  const args = stack.pop();
  if (isKind(args, 'tuple')) return rules.call(stack.pop(), args.items);
  throw new PickleError('it calls with something that is no tuple');
}

function build({ stack, rules }: Machine): void {
  const state = stack.pop();
  rules.attributes(stack.top(), state);
}

/** Frames are a hint for buffered reading. */
function checkFrame(cursor: ByteCursor): void {
  if (cursor.uint64() > cursor.left()) throw new PickleError('it is cut short');
}

/** Two's complement, lowest byte first; sizes never need more than eight bytes. */
function littleEndianInteger(bytes: Uint8Array): number {
  if (bytes.length > 8) throw new PickleError('it has an integer of more than eight bytes');
  const unsigned = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const value = Number(BigInt.asIntN(8 * bytes.length, unsigned));
  if (Number.isSafeInteger(value)) return value;
  throw new PickleError('it has an integer beyond 2^53');
}
