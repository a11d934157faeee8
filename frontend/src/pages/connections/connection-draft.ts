import type { ConnectionBody } from "../../api/connections";
import type { Connection, ConnectionField, ConnectionKind, Json } from "../../api/types";

/** The form of a connection: each setting as typed text or chosen value, each secret as typed. Pure. */
export interface ConnectionDraft {
  name: string;
  settings: Record<string, Json>;
  /** Only the secrets that the person typed. */
  secrets: Record<string, string>;
  /** By environment: the id of the connection that stands in, or null. */
  standIns: Record<string, string | null>;
}

export function startDraft(kind: ConnectionKind, connection?: Connection): ConnectionDraft {
  const settings = kind.settings.map((field) => [
    field.name,
    toShownValue(connection?.settings[field.name] ?? field.default, field),
  ]);
  return {
    name: connection?.name ?? "",
    settings: Object.fromEntries(settings) as ConnectionDraft["settings"],
    secrets: {},
    standIns: { ...connection?.stand_ins },
  };
}

export function isSameDraft(one: ConnectionDraft, other: ConnectionDraft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The errors in the form, by field. The server checks everything again. */
export function checkDraft(kind: ConnectionKind, draft: ConnectionDraft): Record<string, string> {
  const errors = kind.settings.map((field) => [
    `settings.${field.name}`,
    checkSetting(field, draft.settings[field.name] ?? null),
  ]);
  return Object.fromEntries(errors.filter(([, error]) => error !== null)) as Record<string, string>;
}

/** The body of the request: numbers as numbers, and empty settings with their defaults. */
export function toConnectionBody(kind: ConnectionKind, draft: ConnectionDraft): ConnectionBody {
  const settings = kind.settings.map((field) => [
    field.name,
    toSentValue(field, draft.settings[field.name] ?? null),
  ]);
  return {
    name: draft.name.trim(),
    settings: Object.fromEntries(settings) as ConnectionBody["settings"],
    secrets: Object.fromEntries(Object.entries(draft.secrets).filter(([, secret]) => secret !== "")),
    ...(Object.keys(draft.standIns).length > 0 ? { stand_ins: draft.standIns } : {}),
  };
}

/** Whether saving deletes the stored key, because the key belongs to the host that it was typed for. */
export function clearsStoredKey(draft: ConnectionDraft, connection: Connection | undefined): boolean {
  const stored = Object.values(connection?.secrets ?? {}).some((secret) => secret.set);
  const typed = Object.values(draft.secrets).some((secret) => secret !== "");
  return stored && !typed && draft.settings.base_url !== connection?.settings.base_url;
}

function toShownValue(value: Json, field: ConnectionField): Json {
  return field.type === "integer" && typeof value === "number" ? String(value) : value;
}

function toSentValue(field: ConnectionField, value: Json): Json {
  if (typeof value !== "string") return value;
  const typed = value.trim();
  if (typed === "") return field.default;
  return field.type === "integer" ? Number(typed) : typed;
}

function checkSetting(field: ConnectionField, value: Json): string | null {
  if (field.type !== "integer" || typeof value !== "string" || value.trim() === "") return null;
  const { title, minimum, maximum } = field;
  if (!/^\d+$/.test(value.trim())) return `${title} is a whole number.`;
  const figure = Number(value);
  if (minimum !== null && figure < minimum) return `${title} is at least ${minimum}.`;
  if (maximum !== null && figure > maximum) return `${title} is at most ${maximum}.`;
  return null;
}
