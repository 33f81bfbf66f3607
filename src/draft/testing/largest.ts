/**
 * Indices of the k largest numbers, best first, with ties broken as torch.topk on the CPU breaks them: the selection
 * of the C++ standard library (median-of-three partitions around the k-th place), then a stable sort.
 */
export function largest(values: Float32Array, k: number): number[] {
  const order = Array.from(values, (_, index) => index);
  const before = (a: number, b: number) => (values[a] as number) > (values[b] as number);
  selectPlace(order, k - 1, before);
  const head = order.slice(0, k - 1).sort((a, b) => (values[b] as number) - (values[a] as number));
  return [...head, order[k - 1] as number];
}

type Before = (a: number, b: number) => boolean;

/** Puts at `place` what a full sort would put there, smaller places before it. */
function selectPlace(order: number[], place: number, before: Before): void {
  let [first, last] = [0, order.length];
  while (last - first > 3) {
    const cut = partition(order, first, last, before);
    if (cut <= place) first = cut;
    else last = cut;
  }
  const rest = order.slice(first, last);
  const sorted = insertionSorted(rest, before);
  order.splice(first, sorted.length, ...sorted);
}

function partition(order: number[], first: number, last: number, before: Before): number {
  const at = (index: number) => order[index] as number;
  const swap = (i: number, j: number) => {
    [order[i], order[j]] = [at(j), at(i)];
  };
  swap(first, medianPlace(order, first + 1, first + ((last - first) >> 1), last - 1, before));
  const pivot = at(first);
  let [low, high] = [first + 1, last];
  for (;;) {
    while (before(at(low), pivot)) low++;
    high--;
    while (before(pivot, at(high))) high--;
    if (low >= high) return low;
    swap(low, high);
    low++;
  }
}

function medianPlace(
  order: readonly number[],
  a: number,
  b: number,
  c: number,
  before: Before,
): number {
  const less = (i: number, j: number) => before(order[i] as number, order[j] as number);
  if (less(a, b)) {
    if (less(b, c)) return b;
    return less(a, c) ? c : a;
  }
  if (less(a, c)) return a;
  return less(b, c) ? c : b;
}

function insertionSorted(values: readonly number[], before: Before): number[] {
  const sorted: number[] = [];
  for (const value of values) {
    let place = sorted.length;
    while (place > 0 && before(value, sorted[place - 1] as number)) place--;
    sorted.splice(place, 0, value);
  }
  return sorted;
}
