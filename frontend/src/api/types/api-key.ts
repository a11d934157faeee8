/** API keys of a workspace. */

export type ApiKeyPolicy = "execute" | "configure";

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  last4: string;
  policies: ApiKeyPolicy[];
  /** The flows that the key may call; null for all of the workspace. */
  flows: string[] | null;
  expires_at: string | null;
  last_used_at: string | null;
  created_at: string;
  /** Null when the person who made it is gone. */
  created_by: string | null;
}

/** The answer to making a key: the only time that the key itself is shown. */
export interface NewApiKey extends ApiKey {
  key: string;
}
