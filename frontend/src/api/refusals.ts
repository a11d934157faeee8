import { ApiError } from "./client";

/** The refusal to show under a field, when it is about that field. */
export function getFieldError(error: Error | null, field: string): string | null {
  return error instanceof ApiError && isAbout(error, field) ? describeError(error) : null;
}

/** The refusal to show at the end of a form, when it is about none of the fields of the form. */
export function getFormError(error: Error | null, fields: readonly string[]): string | null {
  if (!error) return null;
  const shown = error instanceof ApiError && fields.some((field) => isAbout(error, field));
  return shown ? null : describeError(error);
}

/** Whether a refusal is about a field, or about one value of the list in it, such as `origins.0`. */
function isAbout(error: ApiError, field: string): boolean {
  return error.field === field || error.field?.replace(/\.\d+$/, "") === field;
}

/** The message of an error, then what the person can do. */
export function describeError(error: Error): string {
  const hint = error instanceof ApiError ? error.hint : null;
  return hint ? `${error.message} ${hint}` : error.message;
}
