import type { AuditQuery } from "../../api/audit-log";
import type { Deed } from "../../api/types";

/** What a person has chosen to see. Pure. */
export interface AuditFilter {
  /** The id and the name of a person or a key; null for everybody. */
  actor: { id: string; name: string } | null;
  deed: Deed | null;
  /** Days as `YYYY-MM-DD`, both included; empty for no limit. */
  from: string;
  to: string;
}

export const everything: AuditFilter = { actor: null, deed: null, from: "", to: "" };

export function toQuery({ actor, deed, from, to }: AuditFilter): AuditQuery {
  return {
    ...(actor ? { person: actor.id } : {}),
    ...(deed ? { deed } : {}),
    ...(from ? { since: startOfDay(from, 0) } : {}),
    ...(to ? { until: startOfDay(to, 1) } : {}),
  };
}

/** The first moment of a day of this device's time zone, or of the day that is so many days after it. */
function startOfDay(day: string, later: number): string {
  const moment = new Date(`${day}T00:00:00`);
  moment.setDate(moment.getDate() + later);
  return moment.toISOString();
}
