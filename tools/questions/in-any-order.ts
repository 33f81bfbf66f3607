/** The same in an order that is drawn. @param random within [0, 1) */
export const inAnyOrder = <T>(all: readonly T[], random: () => number): T[] =>
  all
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
