import { vi } from "vitest";

/** The answers of the server, by `METHOD path` under `/api/v1/`. */
export type Answers = Record<string, unknown>;

/** What every sign-in form asks. Unless a test says otherwise, there is no other way to sign in. */
const SIGN_IN_STATE = "GET sign-in";
const NO_PROVIDER = { provider: null, needs_code: false };

export interface RecordedCall {
  call: string;
  body: unknown;
}

/** A refusal, as an answer. */
export function createRefusal(
  status: number,
  error: { code: string; message: string; field?: string; hint?: string },
) {
  return Response.json({ error: { request_id: "r-1", ...error } }, { status });
}

/**
 * Replaces the network. An answer is JSON, a Response, or a function of the sent body. Returns the list of calls,
 * which grows. An unexpected call fails the test with its message.
 */
export function serveAnswers(answers: Answers): RecordedCall[] {
  const calls: RecordedCall[] = [];
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    const call = `${init.method ?? "GET"} ${address.replace("/api/v1/", "")}`;
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    calls.push({ call, body });
    if (call === SIGN_IN_STATE && !(call in answers)) return Promise.resolve(respond(NO_PROVIDER));
    if (!(call in answers)) return Promise.reject(new Error(`The test does not answer ${call}.`));
    const answer = answers[call];
    return Promise.resolve(
      respond(typeof answer === "function" ? (answer as (sent: unknown) => unknown)(body) : answer),
    );
  });
  return calls;
}

function respond(answer: unknown): Response {
  if (answer instanceof Response) return answer.clone();
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer);
}
