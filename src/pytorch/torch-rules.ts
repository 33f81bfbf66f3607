/** All that a state dict's pickle may name, call and refer to: tensors, the dicts that hold them, and nothing else. */

import { printable } from '../contracts/printable.ts';
import {
  isCount,
  isKind,
  type PickledStorage,
  type PickledTensor,
  PickleError,
  type PickleValue,
} from './pickle-value.ts';
import type { PickleRules } from './read-pickle.ts';
import { TORCH_STORAGES, TORCH_WIDTHS } from './torch-dtypes.ts';

const UNTYPED_STORAGE = 'torch.storage.UntypedStorage';
const DTYPE_PREFIX = 'torch.';
const MAX_RANK = 16;

type Args = readonly PickleValue[];

/** What stands for each function; none of PyTorch's own code takes part. */
const FUNCTIONS: ReadonlyMap<string, (args: Args) => PickleValue | undefined> = new Map([
  ['collections.OrderedDict', emptyDict],
  ['torch._utils._rebuild_tensor_v2', typedTensor],
  ['torch._utils._rebuild_tensor_v3', untypedTensor],
  ['torch._utils._rebuild_parameter', parameter],
  ['torch.Size', size],
  ['torch.device', device],
]);

export const TORCH_RULES: PickleRules = {
  global: (module, attribute) => {
    const name = `${module}.${attribute}`;
    if (FUNCTIONS.has(name) || isType(name)) return { kind: 'global', name };
    throw new PickleError(`it asks for ${printable(name)}, which is no part of a tensor`);
  },
  call: (callee, args) => {
    const known = isKind(callee, 'global') ? FUNCTIONS.get(callee.name) : undefined;
    if (!isKind(callee, 'global') || known === undefined) {
      throw new PickleError('it calls something that is no function of tensors');
    }
    const result = known(args);
    if (result !== undefined) return result;
    throw new PickleError(`it calls ${callee.name} in a way that is not known`);
  },
  persistent: (id) => {
    const storage = isKind(id, 'tuple') ? storageOf(id.items) : undefined;
    if (storage === undefined) throw new PickleError('it refers to something that is no storage');
    return storage;
  },
  /** Modules note their versions on the dict itself. */
  attributes: (object, state) => {
    const known =
      isKind(object, 'dict') &&
      isKind(state, 'dict') &&
      [...state.entries.keys()].every((key) => key === '_metadata');
    if (!known) throw new PickleError('it gives an object attributes that no state dict has');
  },
};

function isType(name: string): boolean {
  return name === UNTYPED_STORAGE || TORCH_STORAGES.has(name) || dtypeNamed(name) !== undefined;
}

function dtypeNamed(name: string): string | undefined {
  const dtype = name.slice(DTYPE_PREFIX.length);
  return name.startsWith(DTYPE_PREFIX) && TORCH_WIDTHS.has(dtype) ? dtype : undefined;
}

/** ('storage', type, key, device, elements) */
function storageOf(id: Args): PickledStorage | undefined {
  const [tag, type, key, location, elements] = id;
  if (id.length !== 5 || tag !== 'storage' || typeof location !== 'string') return undefined;
  if (typeof key !== 'string' || !/^\d{1,10}$/.test(key) || !isCount(elements)) return undefined;
  if (!isKind(type, 'global')) return undefined;
  if (type.name === UNTYPED_STORAGE) return { kind: 'storage', key, bytes: elements };
  const dtype = TORCH_STORAGES.get(type.name);
  const width = TORCH_WIDTHS.get(dtype ?? '');
  if (dtype === undefined || width === undefined) return undefined;
  const bytes = elements * width;
  return isCount(bytes) ? { kind: 'storage', key, bytes, dtype } : undefined;
}

function emptyDict(args: Args): PickleValue | undefined {
  return args.length === 0 ? { kind: 'dict', entries: new Map() } : undefined;
}

/** (storage, offset, shape, strides, requires_grad, hooks[, metadata]) */
function typedTensor(args: Args): PickledTensor | undefined {
  const [storage] = args;
  if (args.length < 6 || args.length > 7 || !isNothing(args[6])) return undefined;
  return isKind(storage, 'storage') ? view(storage, storage.dtype, args) : undefined;
}

/** (storage, offset, shape, strides, requires_grad, hooks, dtype[, metadata]) */
function untypedTensor(args: Args): PickledTensor | undefined {
  const [storage, , , , , , dtype] = args;
  if (args.length < 7 || args.length > 8 || !isNothing(args[7])) return undefined;
  if (!isKind(storage, 'storage') || storage.dtype !== undefined) return undefined;
  return view(storage, isKind(dtype, 'global') ? dtypeNamed(dtype.name) : undefined, args);
}

function view(
  storage: PickledStorage,
  dtype: string | undefined,
  [, offset, shape, strides, requiresGrad, hooks]: Args,
): PickledTensor | undefined {
  const sizes = counts(shape);
  const steps = counts(strides);
  if (dtype === undefined || sizes === undefined || steps === undefined) return undefined;
  if (sizes.length !== steps.length || sizes.length > MAX_RANK || !isCount(offset))
    return undefined;
  if (typeof requiresGrad !== 'boolean' || !isNothing(hooks)) return undefined;
  return { kind: 'tensor', storage, dtype, offset, shape: sizes, strides: steps };
}

/** (data, requires_grad, hooks) */
function parameter(args: Args): PickledTensor | undefined {
  const [data, requiresGrad, hooks] = args;
  const known = args.length === 3 && typeof requiresGrad === 'boolean' && isNothing(hooks);
  return known && isKind(data, 'tensor') ? data : undefined;
}

function size([items, ...rest]: Args): PickleValue | undefined {
  return rest.length === 0 && isKind(items, 'tuple') && counts(items) ? items : undefined;
}

/** Where something was stored last; nothing reads it. */
function device([type, index, ...rest]: Args): PickleValue | undefined {
  const known = typeof type === 'string' && (index === undefined || isCount(index));
  return known && rest.length === 0 ? null : undefined;
}

function counts(value: PickleValue | undefined): readonly number[] | undefined {
  return isKind(value, 'tuple') && value.items.every(isCount) ? value.items : undefined;
}

/** Hooks would be code; metadata says that the values are stored negated or conjugated. */
function isNothing(value: PickleValue | undefined): boolean {
  return value === undefined || value === null || (isKind(value, 'dict') && !value.entries.size);
}
