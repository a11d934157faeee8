interface Named {
  id: string;
  name: string;
}

const SHOWN_ID_CHARACTERS = 8;

/** The titles of things in a list: a name that several have is followed by the beginning of the id. */
export function giveDistinctTitles(items: readonly Named[]): { value: string; title: string }[] {
  const counts = new Map<string, number>();
  for (const { name } of items) counts.set(name, (counts.get(name) ?? 0) + 1);
  return items.map(({ id, name }) => ({
    value: id,
    title: (counts.get(name) ?? 0) > 1 ? `${name} (${id.slice(0, SHOWN_ID_CHARACTERS)})` : name,
  }));
}
