import type { ConnectionDraft } from "../../api/connections";
import type { Connection, ConnectionField, ConnectionKind, Json } from "../../api/types";

/** A form under way: every setting as typed text or chosen value, every secret as typed. Pure. */
export interface Draft {
  name: string;
  settings: Record<string, Json>;
  /** Only the secrets that are typed anew. */
  secrets: Record<string, string>;
}

export function startDraft(kind: ConnectionKind, connection?: Connection): Draft {
  const settings = kind.settings.map((field) => [
    field.name,
    shown(connection?.settings[field.name] ?? field.default, field),
  ]);
  return {
    name: connection?.name ?? "",
    settings: Object.fromEntries(settings) as Draft["settings"],
    secrets: {},
  };
}

export function sameDraft(one: Draft, other: Draft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What keeps the draft from being sent, by field. The server has the last word. */
export function draftErrors(kind: ConnectionKind, draft: Draft): Record<string, string> {
  const errors = kind.settings.map((field) => [
    `settings.${field.name}`,
    settingError(field, draft.settings[field.name] ?? null),
  ]);
  return Object.fromEntries(errors.filter(([, error]) => error !== null)) as Record<string, string>;
}

/** What is sent: figures as numbers, and what is left empty as not set. */
export function toSend(kind: ConnectionKind, draft: Draft): ConnectionDraft {
  const settings = kind.settings.map((field) => [
    field.name,
    sent(field, draft.settings[field.name] ?? null),
  ]);
  return {
    name: draft.name.trim(),
    settings: Object.fromEntries(settings) as ConnectionDraft["settings"],
    secrets: Object.fromEntries(Object.entries(draft.secrets).filter(([, secret]) => secret !== "")),
  };
}

/** Whether saving takes the stored key away: it belongs to the host that it was given for. */
export function clearsKey(draft: Draft, connection: Connection | undefined): boolean {
  const stored = Object.values(connection?.secrets ?? {}).some((secret) => secret.set);
  const typed = Object.values(draft.secrets).some((secret) => secret !== "");
  return stored && !typed && draft.settings.base_url !== connection?.settings.base_url;
}

function shown(value: Json, field: ConnectionField): Json {
  return field.type === "integer" && typeof value === "number" ? String(value) : value;
}

function sent(field: ConnectionField, value: Json): Json {
  if (typeof value !== "string") return value;
  const typed = value.trim();
  if (typed === "") return field.default;
  return field.type === "integer" ? Number(typed) : typed;
}

function settingError(field: ConnectionField, value: Json): string | null {
  if (field.type !== "integer" || typeof value !== "string" || value.trim() === "") return null;
  const { title, minimum, maximum } = field;
  if (!/^\d+$/.test(value.trim())) return `${title} is a whole number.`;
  const figure = Number(value);
  if (minimum !== null && figure < minimum) return `${title} is at least ${minimum}.`;
  if (maximum !== null && figure > maximum) return `${title} is at most ${maximum}.`;
  return null;
}
