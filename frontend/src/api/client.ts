import { BASE_PATH, withBasePath } from "./server-address";
import { reportAnswer, reportNoAnswer, reportSignedOut } from "./server-state";
import type { Refusal, RefusalBody } from "./types";

export const API_BASE_PATH = withBasePath("/api/v1/");
const SAFE_METHODS = new Set(["GET", "HEAD"]);

/** A call that the server refused, or that did not reach it (`status` 0, `code` "unreachable"). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  /** The part of the request that the server refused, such as `settings.base_url`. */
  readonly field: string | null;
  /** What the person can do about it, in a sentence. */
  readonly hint: string | null;
  /** The id under which the server's log has the request. */
  readonly requestId: string | null;

  constructor(
    readonly status: number,
    readonly refusal: Omit<Refusal, "request_id"> & { request_id?: string },
  ) {
    super(refusal.message);
    this.code = refusal.code;
    this.field = refusal.field ?? null;
    this.hint = refusal.hint ?? null;
    this.requestId = refusal.request_id ?? null;
  }

  /** The session has ended, or there never was one. */
  get isSignedOut(): boolean {
    return this.status === 401 && this.code === "not_signed_in";
  }
}

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
}

/**
 * Calls the API and returns its JSON (undefined for 204).
 * @throws ApiError when the server refuses or cannot be reached. An aborted call throws its AbortError.
 */
export async function call<Answer>(method: Method, path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await openAnswer(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/**
 * Calls the API and returns the answer whose body is still to be read, such as a stream.
 * @throws ApiError as `call` does.
 */
export async function openAnswer(method: Method, path: string, options: CallOptions = {}): Promise<Response> {
  const response = await send(method, path, options);
  if (!response.ok) throw reportRefusal(new ApiError(response.status, await readRefusal(response)));
  reportAnswer();
  return response;
}

async function send(method: Method, path: string, options: CallOptions): Promise<Response> {
  const { body, query, signal } = options;
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (!SAFE_METHODS.has(method)) headers["X-CSRFToken"] = readCsrfToken();
  try {
    return await fetch(buildAddress(path, query), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    reportNoAnswer();
    throw createUnreachableError();
  }
}

/**
 * A gateway that answers 502 or 504 says that the server behind it does not answer. A refusal of the server itself can
 * have these codes too, such as one about a model's vendor that does not answer: the server is there.
 */
function reportRefusal(error: ApiError): ApiError {
  const isFromGateway = error.code === NO_REASON_CODE && (error.status === 502 || error.status === 504);
  if (isFromGateway) reportNoAnswer();
  else reportAnswer(error.code);
  if (error.isSignedOut) reportSignedOut();
  return error;
}

export function createUnreachableError(): ApiError {
  return new ApiError(0, {
    code: "unreachable",
    message: "The server cannot be reached.",
    hint: "Check that it runs and that this device is online, then try again.",
  });
}

function buildAddress(path: string, query: CallOptions["query"] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const search = new URLSearchParams(pairs).toString();
  return API_BASE_PATH + path + (search ? `?${search}` : "");
}

/** Of an answer without the server's JSON. */
const NO_REASON_CODE = "no_reason";

/** Reads the refusal. A proxy may answer in the server's place, without the server's JSON. */
async function readRefusal(response: Response): Promise<ApiError["refusal"]> {
  try {
    const { error } = (await response.json()) as Partial<RefusalBody>;
    if (error?.message) return error;
  } catch {
    // The body is not JSON: the sentence below takes its place.
  }
  return {
    code: NO_REASON_CODE,
    message: `The server answered ${response.status} and gave no reason.`,
    hint: response.status >= 500 ? "Try again in a moment." : undefined,
  };
}

/** The token that unsafe requests repeat. Below a path, the name of its cookie begins with that. */
export function readCsrfToken(): string {
  const prefix = [...(BASE_PATH.match(/[A-Za-z0-9]+/g) ?? []), ""].join("_");
  return readCookie(`${prefix}csrftoken`);
}

function readCookie(name: string): string {
  const pair = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}
