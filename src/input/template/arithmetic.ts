/** Operators, as Python's numbers, texts and lists have them. */
import { isNumber } from './compare.ts';
import { fail } from './failure.ts';
import { escapeMarkup, markup } from './markup.ts';
import { percentFormat } from './percent-format.ts';
import { refuse } from './refuse.ts';
import { is, isList, tuple, typeName, type Value } from './values.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Longest text or list that a product may give. */
const MOST = 1_000_000n;
const MAX_BITS = 16_384;

const asInt = (value: boolean | bigint) => (typeof value === 'boolean' ? BigInt(value) : value);

export function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  if (isNumber(left) && isNumber(right)) {
    if (typeof left === 'number' || typeof right === 'number') {
      return floats(operator, asFloat(left), asFloat(right));
    }
    return ints(operator, asInt(left), asInt(right));
  }
  if (operator === '%' && typeof left === 'string') return percentFormat(left, right);
  if (is(left, 'undefined')) return fail(left.reason);
  if (is(right, 'undefined')) return fail(right.reason);
  if (is(left, 'markup') || is(right, 'markup')) return joinMarkup(operator, left, right);
  return sequences(operator, left, right) ?? mismatch(operator, left, right);
}

/** Beside marked text other text is escaped. */
function joinMarkup(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator !== '+' || !isText(left) || !isText(right)) {
    return refuse(`"${operator}" with escaped text`);
  }
  return markup(escapeMarkup(left).text + escapeMarkup(right).text);
}

const isText = (value: Value) => typeof value === 'string' || is(value, 'markup');

function mismatch(operator: string, left: Value, right: Value): never {
  return fail(
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function sequences(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    if (isList(left) && isList(right)) return [...left, ...right];
    if (is(left, 'tuple') && is(right, 'tuple')) return tuple([...left.items, ...right.items]);
  }
  if (operator === '*') return repeat(left, right) ?? repeat(right, left);
  if (operator === '-' && is(left, 'view')) return refuse('sets of keys');
  return undefined;
}

function repeat(value: Value, times: Value): Value | undefined {
  if (typeof times !== 'bigint' && typeof times !== 'boolean') return undefined;
  const count = asInt(times) < 0n ? 0n : asInt(times);
  const length =
    typeof value === 'string'
      ? value.length
      : isList(value)
        ? value.length
        : is(value, 'tuple')
          ? value.items.length
          : undefined;
  if (length === undefined) return undefined;
  if (BigInt(length) * count > MOST) return refuse(`a product longer than ${MOST}`);
  if (typeof value === 'string') return length === 0 ? '' : value.repeat(Number(count));
  const items = isList(value) ? value : is(value, 'tuple') ? value.items : [];
  const repeated = length === 0 ? [] : Array.from({ length: Number(count) }, () => items).flat();
  return isList(value) ? repeated : tuple(repeated);
}

function asFloat(value: boolean | bigint | number): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float)) {
    return fail('int too large to convert to float');
  }
  return float;
}

function floats(operator: BinaryOperator, left: number, right: number): number {
  if (right === 0 && (operator === '/' || operator === '//' || operator === '%')) {
    return fail('float division by zero');
  }
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '**':
      return refuse('a power of floats');
    default:
      return floorDivision(operator, left, right);
  }
}

/** Quotient and remainder whose sign is the divisor's. */
function floorDivision(operator: '//' | '%', left: number, right: number): number {
  let remainder = left % right;
  let quotient = (left - remainder) / right;
  if (remainder !== 0) {
    if (right < 0 !== remainder < 0) {
      remainder += right;
      quotient -= 1;
    }
  } else {
    remainder = right < 0 ? -0 : 0;
  }
  if (operator === '%') return remainder;
  if (quotient === 0) return left / right < 0 ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function ints(operator: BinaryOperator, left: bigint, right: bigint): Value {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      return power(left, right);
    default:
  }
  if (right === 0n) return fail('division by zero');
  if (operator === '/') {
    const [dividend, divisor] = [Number(left), Number(right)];
    if (Number.isSafeInteger(dividend) && Number.isSafeInteger(divisor)) return dividend / divisor;
    return refuse('dividing ints above 2 ** 53');
  }
  const remainder = left % right;
  const turned = remainder !== 0n && remainder < 0n !== right < 0n;
  if (operator === '%') return turned ? remainder + right : remainder;
  return turned ? left / right - 1n : left / right;
}

function power(base: bigint, exponent: bigint): Value {
  if (exponent < 0n) return refuse('a negative power');
  if (BigInt(base.toString(2).length) * exponent > MAX_BITS && base * base > 1n) {
    return refuse(`a power above 2 ** ${MAX_BITS}`);
  }
  return base ** exponent;
}

export function unary(operator: '+' | '-', value: Value): Value {
  if (is(value, 'undefined')) return fail(value.reason);
  if (!isNumber(value)) return fail(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  if (typeof value === 'number') return operator === '-' ? -value : value;
  return operator === '-' ? -asInt(value) : asInt(value);
}
