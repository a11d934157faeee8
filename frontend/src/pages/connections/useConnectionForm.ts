import { useState } from "react";
import { useCreateConnection, useTestConnection, useUpdateConnection } from "../../api/connections";
import type { Connection, ConnectionKind } from "../../api/types";
import {
  type ConnectionDraft,
  checkDraft,
  isSameDraft,
  startDraft,
  toConnectionBody,
} from "./connection-draft";

/** The state of the form, and the calls that save and test it. */
export function useConnectionForm(kind: ConnectionKind, connection: Connection | undefined) {
  const create = useCreateConnection();
  const update = useUpdateConnection();
  const test = useTestConnection();
  const [stored, setStored] = useState(() => startDraft(kind, connection));
  const [draft, setDraft] = useState(stored);
  const faults = checkDraft(kind, draft);
  const [wasSaved, setWasSaved] = useState(false);
  const dirty = !isSameDraft(draft, stored);

  const keep = (saved: Connection) => {
    const next = startDraft(kind, saved);
    setStored(next);
    setDraft(next);
    setWasSaved(true);
    return saved;
  };
  /** Saves the form. Returns the connection, or null when the server refused; `error` says why. */
  const save = (): Promise<Connection | null> => {
    if (connection && !dirty) return Promise.resolve(connection);
    const body = toConnectionBody(kind, draft);
    const sending = connection
      ? update.mutateAsync({ id: connection.id, ...body })
      : create.mutateAsync({ kind: kind.kind, ...body });
    return sending.then(keep, () => null);
  };
  return {
    draft,
    change: (change: Partial<ConnectionDraft>) => setDraft((now) => ({ ...now, ...change })),
    changeSecret: (name: string, typed: string | undefined) =>
      setDraft((now) => ({ ...now, secrets: withSecret(now.secrets, name, typed) })),
    dirty,
    /** The form was saved while it is open. */
    wasSaved,
    faults,
    missing: draft.name.trim() ? (Object.values(faults)[0] ?? null) : "Give the connection a name.",
    saving: create.isPending || update.isPending,
    testing: test.isPending,
    error: create.error ?? update.error,
    testError: test.error,
    save,
    test: (id: string) => test.mutateAsync(id).catch(() => null),
  };
}

function withSecret(
  secrets: ConnectionDraft["secrets"],
  name: string,
  typed: string | undefined,
): ConnectionDraft["secrets"] {
  const others = Object.entries(secrets).filter(([other]) => other !== name);
  return Object.fromEntries(typed === undefined ? others : [...others, [name, typed]]);
}
