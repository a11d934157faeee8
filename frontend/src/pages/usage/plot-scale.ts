/** The top of an axis: the next round number, of which a half is round too. Pure. */
export function findTop(largest: number): number {
  if (largest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= largest) ?? 10;
  return step * power;
}
