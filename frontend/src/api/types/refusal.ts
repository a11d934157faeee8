/** What the server answers when it does not do what was asked. */

import type { Problem } from "./analysis";
import type { Named } from "./common";

export interface Refusal {
  code: string;
  message: string;
  field?: string;
  hint?: string;
  request_id: string;
  /** With `version_conflict`: the revision that is stored. */
  revision?: number;
  /** With `connection_in_use`: the flows that use it. */
  flows?: Named[];
  /** With `flow_has_problems`: what keeps the flow from running. */
  problems?: Problem[];
}

export interface RefusalBody {
  error: Refusal;
}
