/** Whole digits in groups of three, as English has them: "35,361". */
export const groupThousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');
