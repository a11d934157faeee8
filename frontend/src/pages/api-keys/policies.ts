import type { ApiKeyPolicy } from "../../api/types";

/** What each policy allows, in the words of the form and of the table. */
export const policies: readonly { value: ApiKeyPolicy; title: string; help: string }[] = [
  { value: "execute", title: "Run flows", help: "Start runs, read their answers and stop them." },
  { value: "configure", title: "Change flows", help: "Read, save and delete flows, as an editor can." },
];

export function describePolicies(chosen: readonly ApiKeyPolicy[]): string {
  const titles = policies.filter(({ value }) => chosen.includes(value)).map(({ title }) => title);
  return titles.map((title, index) => (index ? title.toLowerCase() : title)).join(", ");
}
