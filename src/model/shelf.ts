/**
 * Places of equal size side by side, each held by somebody or free. What is read together should stand together, so
 * that a pass reads it where it lies: `gather` finds the window that holds it, and moves things only where the window
 * would be much wider than needed. So does `free` where most places would be holes.
 */
export interface Shelf {
  /** Places up to the last that is held. */
  readonly used: number;
  /** Takes the first free place. */
  take(holder: Holder): number;
  free(place: number): void;
  /** Where the places that these holders hold lie: `first` to `first + count`, others among them. */
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
  const holders: (Holder | undefined)[] = [];
  let held = 0;
  const trim = () => {
    while (holders.length > 0 && holders.at(-1) === undefined) holders.pop();
  };
  const relabel = (holder: Holder | undefined, from: number, to: number) => {
    if (holder !== undefined) holder.places[holder.places.indexOf(from)] = to;
  };
  const moveTo = (from: number, to: number) => {
    const [mover, other] = [holders[from], holders[to]];
    move(from, to, other !== undefined);
    relabel(mover, from, -1);
    relabel(other, to, from);
    relabel(mover, -1, to);
    holders[from] = other;
    holders[to] = mover;
  };
  const fillHoles = () => {
    for (let to = 0; to < holders.length; to++) {
      if (holders[to] === undefined) moveTo(holders.length - 1, to);
      trim();
    }
  };
  return {
    get used() {
      return holders.length;
    },
    take(holder) {
      const hole = holders.indexOf(undefined);
      const place = hole < 0 ? holders.length : hole;
      holders[place] = holder;
      holder.places.push(place);
      held += 1;
      return place;
    },
    free(place) {
      const holder = holders[place];
      if (holder === undefined) return;
      holder.places.splice(holder.places.indexOf(place), 1);
      holders[place] = undefined;
      held -= 1;
      trim();
      if (holders.length > MOST_HOLES * held) fillHoles();
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
        const holder = holders[to];
        if (holder === undefined || !inside.has(holder)) moveTo(strays.shift() as number, to);
      }
      trim();
      return { first: 0, count: places.length };
    },
  };
}
