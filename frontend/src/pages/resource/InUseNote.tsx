import type { UsedBy } from "../../api/types";
import { UsedByLinks } from "./UsedByLinks";

interface InUseNoteProps {
  /** What the users do with it, such as "used by". */
  relation: string;
  users: readonly UsedBy[];
  /** What the person can do about it, as a sentence. */
  remedy: string;
}

/** Why a resource that others use cannot be deleted, with links to them. */
export function InUseNote({ relation, users, remedy }: InUseNoteProps) {
  return (
    <>
      It cannot be deleted now, because it is {relation} <UsedByLinks users={users} />. {remedy}
    </>
  );
}
