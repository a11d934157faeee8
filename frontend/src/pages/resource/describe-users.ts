import type { UsedBy } from "../../api/types";
import { formatCount } from "../../ui/format";

/** How many flows, collections and connections use a resource, such as "2 flows, 1 collection"; null when none do. */
export function countUsers(users: readonly UsedBy[]): string | null {
  const counts = (["flow", "collection", "connection"] as const).flatMap((kind) => {
    const count = users.filter((user) => user.kind === kind).length;
    return count === 0 ? [] : [formatCount(count, kind)];
  });
  return counts.length === 0 ? null : counts.join(", ");
}

/** Their names in one line, for a tooltip. */
export function listUserNames(users: readonly UsedBy[]): string | undefined {
  return users.map(({ name }) => name).join(", ") || undefined;
}

/** Why a resource cannot be deleted now, such as "Used by 2 flows"; null when nothing uses it. */
export function describeUse(users: readonly UsedBy[]): string | null {
  const count = countUsers(users);
  return count === null ? null : `Used by ${count}`;
}
