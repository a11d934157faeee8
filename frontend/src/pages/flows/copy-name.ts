import { MAX_NAME_CHARACTERS } from "../../api/limits";

/** `Night desk` → `Night desk copy` → `Night desk copy 2`. */
export function createCopyName(name: string): string {
  const [, stem = name, number] = /^(.*) copy(?: (\d+))?$/.exec(name) ?? [];
  const again = stem !== name || number;
  const end = again ? ` copy ${Number(number ?? 1) + 1}` : " copy";
  return stem.slice(0, MAX_NAME_CHARACTERS - end.length) + end;
}
