import { printable } from '../contracts/printable.ts';
import {
  isKind,
  type PickleDict,
  type PickledTensor,
  PickleError,
  type PickleValue,
} from './pickle-value.ts';

/** Where training scripts put a state dict beside their own notes. */
const NESTED = ['state_dict', 'model'];

/**
 * The tensors by name in what a file holds: a state dict, or a dict that holds one as `state_dict` or `model`. Notes
 * beside a nested one (epoch, optimizer) are passed over; tensors beside it are not, since then the file holds two models.
 * @throws PickleError where that is not what it holds
 */
export function stateDict(value: PickleValue): Map<string, PickledTensor> {
  if (!isKind(value, 'dict')) throw new PickleError('it holds no dict of tensors');
  return tensorsOf(innerDict(value));
}

function innerDict(dict: PickleDict): PickleDict {
  const inner = NESTED.flatMap((key) => {
    const value = dict.entries.get(key);
    return isKind(value, 'dict') ? [value] : [];
  });
  const [only] = inner;
  if (only === undefined) return dict;
  if (inner.length > 1 || [...dict.entries.values()].some((value) => isKind(value, 'tensor'))) {
    throw new PickleError(
      `it holds tensors in more than one place (${NESTED.join(', ')} or beside them)`,
    );
  }
  return only;
}

function tensorsOf({ entries }: PickleDict): Map<string, PickledTensor> {
  const tensors = new Map<string, PickledTensor>();
  for (const [name, value] of entries) {
    const shown = printable(name);
    // Names end up in messages and graphs: only what is shown as it is.
    if (typeof name !== 'string' || name === '' || shown !== JSON.stringify(name)) {
      throw new PickleError(`it names a tensor ${shown}, which can't be shown`);
    }
    if (!isKind(value, 'tensor')) throw new PickleError(`its entry ${shown} is no tensor`);
    tensors.set(name, value);
  }
  return tensors;
}
