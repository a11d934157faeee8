import { Link } from "react-router";
import type { UsedBy } from "../../api/types";

/** The address of what uses a resource. A connection has none of its own: its list does. */
const addresses: Record<UsedBy["kind"], (id: string) => string> = {
  flow: (id) => `/flows/${id}`,
  collection: (id) => `/collections/${id}`,
  connection: () => "/connections",
};

/** The names of what uses a resource; each opens its page. */
export function UsedByLinks({ users }: { users: readonly UsedBy[] }) {
  return users.map(({ kind, id, name }, index) => (
    <span key={id}>
      {index ? ", " : null}
      <Link to={addresses[kind](id)}>{name}</Link>
    </span>
  ));
}
