/** Groups the actions by family, in the order of the catalogue. Pure. */
import type { ActionDescription, Catalogue } from "../../api/types";
import { hasEveryWord, rankGroups, rankTitle } from "../../ui/rank-title";

export interface PaletteFamily {
  id: string;
  title: string;
  items: ActionDescription[];
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
      items: actions.filter((action) => action.family === id && keep(action)),
    }))
    .filter((family) => family.items.length > 0);
}

/** The families and actions that a search finds, the best first; all of them when nothing is sought. */
export function searchFamilies(
  families: PaletteFamily[],
  typed: string,
  fits: (action: ActionDescription) => boolean = () => true,
): PaletteFamily[] {
  if (typed.trim() === "") return families;
  return rankGroups(families, (action: ActionDescription, { title }) => {
    const rank = rankAction(typed, action, title);
    return rank > 0 && !fits(action) ? rank - MISFIT_RANK : rank;
  });
}

/** How much less an action counts that does not fit its place: less than the step to the next worse title. */
const MISFIT_RANK = 0.04;

/** How well an action fits the typed words: by its title first, then by its family, then by all of its words. */
export function rankAction(typed: string, { title, summary }: ActionDescription, family: string): number {
  const rank = rankTitle(typed, title);
  if (rank > 0) return rank;
  if (family.toLowerCase().startsWith(typed.trim().toLowerCase())) return 0.6;
  return hasEveryWord(typed, `${title} ${family} ${summary}`) ? 0.3 : 0;
}
