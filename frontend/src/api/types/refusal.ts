/** What the server answers when it refuses a request. */

import type { Problem } from "./analysis";
import type { Schemas } from "./schemas";

/** `revision` comes with `version_conflict`, `flows` with `connection_in_use`, `problems` with `flow_has_problems`. */
export type Refusal = Omit<Schemas["Refusal"], "problems"> & { problems?: Problem[] };

export interface RefusalBody {
  error: Refusal;
}
