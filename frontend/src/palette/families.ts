/** Actions by family, in the order of the catalogue. Pure. */
import type { ActionDescription, Catalogue } from "../api/types";

export interface PaletteFamily {
  id: string;
  title: string;
  actions: ActionDescription[];
}

/** Families without an action are left out; `keep` says which actions are offered. */
export function familiesOf(
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

/** Words by which an action is found beside its title. */
export function wordsOf(action: ActionDescription, family: string): string[] {
  return [family, action.summary, action.type];
}
