import type { VersionHead } from "../../api/types";
import type { PublishEnvironment } from "../../api/versions";

export const environmentTitles: Record<PublishEnvironment, string> = {
  production: "Production",
  test: "Test",
};

export const environments: readonly PublishEnvironment[] = ["production", "test"];

/** Where calls run the version now. */
export function listEnvironments({ publications }: VersionHead): PublishEnvironment[] {
  const current = publications.filter(({ is_current }) => is_current).map(({ environment }) => environment);
  return environments.filter((environment) => current.includes(environment));
}

/** The name of a version as a person gave it, with its number. */
export function getVersionTitle({ number, name }: Pick<VersionHead, "number" | "name">): string {
  return name ? `${name} (version ${number})` : `Version ${number}`;
}
