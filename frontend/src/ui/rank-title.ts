/**
 * How well a title fits the typed words: the same words first, then titles that begin with them, then titles with a word
 * that does, then titles that contain them. 0 when it does not fit.
 */
export function rankTitle(typed: string, title: string): number {
  const sought = typed.trim().toLowerCase();
  const words = title.toLowerCase();
  if (words === sought) return 1;
  if (words.startsWith(sought)) return 0.95;
  if (words.includes(` ${sought}`)) return 0.9;
  return words.includes(sought) ? 0.8 : 0;
}

/** Whether each typed word is somewhere in the text. */
export function hasEveryWord(typed: string, text: string): boolean {
  const parts = typed.trim().toLowerCase().split(/\s+/);
  return parts.every((part) => text.toLowerCase().includes(part));
}

export interface RankedGroup<Item> {
  items: Item[];
}

/**
 * The items that fit, the best first in each group, and the group with the best item first. What fits alike keeps its
 * order. The search fields sort here, because `cmdk` does not sort groups that have a name.
 */
export function rankGroups<Item, Group extends RankedGroup<Item>>(
  groups: readonly Group[],
  rank: (item: Item, group: Group) => number,
): Group[] {
  return groups
    .map((group) => {
      const ranked = group.items.map((item) => ({ item, rank: rank(item, group) }));
      const found = ranked.filter((each) => each.rank > 0).toSorted((a, b) => b.rank - a.rank);
      return { group: { ...group, items: found.map(({ item }) => item) }, best: found[0]?.rank ?? 0 };
    })
    .filter(({ best }) => best > 0)
    .toSorted((a, b) => b.best - a.best)
    .map(({ group }) => group);
}
