import type { Environment } from "../../api/types";

/** The environments in the order in which a flow comes to them. */
export const environments: readonly { value: Environment; title: string }[] = [
  { value: "development", title: "Development" },
  { value: "test", title: "Test" },
  { value: "production", title: "Production" },
];
