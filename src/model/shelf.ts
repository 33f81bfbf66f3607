/**
 * Places of equal size side by side, each held by some or free. What is read together should stand together, so
 * that a pass reads it where it lies: `gather` finds the window that holds it, and moves things only where the window
 * would be much wider than needed. So does `free` where most places would be holes.
 */
export interface Shelf {
  /** Places up to the last that is held. */
  readonly used: number;
  /** Takes the first free place. */
  take(holder: Holder): number;
  /** Has somebody hold a place, too, that others hold. */
  share(place: number, holder: Holder): void;
  /** Has a holder hold what another holds as its `nth`, instead of its own `nth`. */
  join(holder: Holder, other: Holder, nth: number): void;
  /** Takes the first free place instead of one that others hold, too, in the holder's order. Its content is not copied. */
  part(place: number, holder: Holder): number;
  /** The place is free once nobody holds it. */
  free(place: number, holder: Holder): void;
  /**
   * Where the places that these holders hold lie, none of which two of them share: `first` to `first + count`, others
   * among them.
   */
  gather(holders: readonly Holder[]): Window;
}

/** What holds places. The shelf writes here where they are. */
export interface Holder {
  /** In the holder's own order. */
  readonly places: number[];
}

interface Window {
  readonly first: number;
  readonly count: number;
}

/** How wide a window may be for so many places: a quarter wider. */
const SOME_ROOM = (places: number): number => 1.25 * places + 1;
/** The used places may be so many times those that are held. */
const MOST_HOLES = 2;

/**
 * @param move copies the content of places: `swap` says that both are held
 * @param widest how wide a window may be for so many places
 */
export function createShelf(
  move: (from: number, to: number, swap: boolean) => void,
  widest: (places: number) => number = SOME_ROOM,
): Shelf {
  const holders: (Holder[] | undefined)[] = [];
  let held = 0;
  const trim = () => {
    while (holders.length > 0 && holders.at(-1) === undefined) holders.pop();
  };
  const relabel = (some: readonly Holder[] | undefined, from: number, to: number) => {
    for (const { places } of some ?? []) places[places.indexOf(from)] = to;
  };
  const moveTo = (from: number, to: number) => {
    const [movers, others] = [holders[from], holders[to]];
    move(from, to, others !== undefined);
    relabel(movers, from, -1);
    relabel(others, to, from);
    relabel(movers, -1, to);
    holders[from] = others;
    holders[to] = movers;
  };
  const fillHoles = () => {
    for (let to = 0; to < holders.length; to++) {
      if (holders[to] === undefined) moveTo(holders.length - 1, to);
      trim();
    }
  };
  const leave = (place: number, holder: Holder) => {
    const others = (holders[place] ?? []).filter((one) => one !== holder);
    holders[place] = others.length > 0 ? others : undefined;
    if (others.length > 0) return;
    held -= 1;
    trim();
    if (holders.length > MOST_HOLES * held) fillHoles();
  };
  const firstFree = (holder: Holder): number => {
    const hole = holders.indexOf(undefined);
    const place = hole < 0 ? holders.length : hole;
    holders[place] = [holder];
    held += 1;
    return place;
  };
  return {
    get used() {
      return holders.length;
    },
    take(holder) {
      const place = firstFree(holder);
      holder.places.push(place);
      return place;
    },
    share(place, holder) {
      holders[place]?.push(holder);
      holder.places.push(place);
    },
    join(holder, other, nth) {
      const [from, to] = [holder.places[nth] as number, other.places[nth] as number];
      if (from === to) return;
      holders[to]?.push(holder);
      holder.places[nth] = to;
      leave(from, holder);
    },
    part(place, holder) {
      const own = firstFree(holder);
      holder.places[holder.places.indexOf(place)] = own;
      leave(place, holder);
      return own;
    },
    free(place, holder) {
      if (!holders[place]?.includes(holder)) return;
      holder.places.splice(holder.places.indexOf(place), 1);
      leave(place, holder);
    },
    gather(wanted) {
      const places = wanted.flatMap((holder) => holder.places);
      if (places.length === 0) return { first: 0, count: 0 };
      const first = Math.min(...places);
      const count = Math.max(...places) + 1 - first;
      if (count <= widest(places.length)) return { first, count };
      const inside = new Set(wanted);
      const strays = places.filter((place) => place >= places.length).sort((a, b) => a - b);
      for (let to = 0; to < places.length && strays.length > 0; to++) {
        if (holders[to]?.some((holder) => inside.has(holder))) continue;
        moveTo(strays.shift() as number, to);
      }
      trim();
      return { first: 0, count: places.length };
    },
  };
}
