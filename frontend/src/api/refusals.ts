import { ApiError } from "./client";

/** What to show under a field: the refusal's words when they are about it. */
export function getFieldError(error: Error | null, field: string): string | null {
  return error instanceof ApiError && error.field === field ? describeError(error) : null;
}

/** What to show at the end of a form: the refusal's words when they are about none of its fields. */
export function getFormError(error: Error | null, fields: readonly string[]): string | null {
  if (!error) return null;
  const shown = error instanceof ApiError && error.field !== null && fields.includes(error.field);
  return shown ? null : describeError(error);
}

/** The sentence, then its remedy. */
export function describeError(error: Error): string {
  const hint = error instanceof ApiError ? error.hint : null;
  return hint ? `${error.message} ${hint}` : error.message;
}
