/** API keys of a workspace. */

import type { Schemas } from "./schemas";

export type ApiKey = Schemas["ApiKey"];
export type ApiKeyPolicy = ApiKey["policies"][number];
export type OldSecret = Schemas["OldSecret"];
export type NewApiKey = Schemas["NewApiKey"];
