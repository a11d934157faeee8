/** Groups the actions by family, in the order of the catalogue. Pure. */
import type { ActionDescription, Catalogue } from "../../api/types";

export interface PaletteFamily {
  id: string;
  title: string;
  actions: ActionDescription[];
}

/** The families that have actions. `keep` says which actions are offered. */
export function listFamilies(
  { families, actions }: Catalogue,
  keep: (action: ActionDescription) => boolean = () => true,
): PaletteFamily[] {
  return families
    .map(({ id, title }) => ({
      id,
      title,
      actions: actions.filter((action) => action.family === id && keep(action)),
    }))
    .filter((family) => family.actions.length > 0);
}

/** The words by which a search finds an action, the most important first. */
export function getSearchWords(action: ActionDescription, family: string): string[] {
  return [action.title, family, action.summary];
}

/**
 * How well an action fits the typed words: titles that begin with them first, then titles that contain them, then the
 * rest.
 */
export function rankAction(_: string, typed: string, words: string[] = []): number {
  const sought = typed.trim().toLowerCase();
  const [title = "", family = "", summary = ""] = words.map((word) => word.toLowerCase());
  if (title.startsWith(sought)) return 1;
  if (title.includes(` ${sought}`)) return 0.9;
  if (title.includes(sought)) return 0.8;
  if (family.startsWith(sought)) return 0.6;
  const parts = sought.split(/\s+/);
  const all = `${title} ${family} ${summary}`;
  return parts.every((part) => all.includes(part)) ? 0.3 : 0;
}
