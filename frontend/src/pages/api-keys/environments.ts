import type { Environment } from "../../api/types";

/** What each environment is for a key, in the words of the form and of the table. */
export const environments: readonly { value: Environment; title: string; help: string }[] = [
  { value: "production", title: "Production", help: "Runs what is published to production." },
  { value: "test", title: "Test", help: "Runs what is published to test." },
  { value: "development", title: "Development", help: "Runs the draft, with every change at once." },
];

export function describeEnvironments(chosen: readonly Environment[]): string {
  return environments
    .filter(({ value }) => chosen.includes(value))
    .map(({ title }) => title)
    .join(", ");
}
