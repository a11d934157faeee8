/** Sends a call of a flow as a client would, with an API key, and reads the answer while it comes. Made without React. */
import type { CallRequest } from "../call-command";
import { API_BASE_PATH, createUnreachableError } from "../client";
import { reportAnswer, reportNoAnswer } from "../server-state";
import type { FormName } from "../snippets/protocols";
import { answerForms, readRefusalBody } from "./answer-forms";
import { FrameCutter } from "./frames";

export interface Trial {
  state: "open" | "done" | "failed" | "stopped";
  /** Of HTTP; null until the server has answered. */
  status: number | null;
  /** The headers that tell something about the run. */
  headers: readonly (readonly [string, string])[];
  /** The id of the run that was started. */
  run: string | null;
  /** The revision of the flow that it executes. */
  version: number | null;
  /** The last frames, the newest at the end. Of a long one, the beginning. */
  frames: readonly string[];
  frameCount: number;
  /** The text of the answer; of a long one, the end. */
  text: string;
  textCharacters: number;
  /** How long after the call the first text came, in milliseconds. */
  firstTextMs: number | null;
  error: string | null;
}

export interface TrialCall {
  form: FormName;
  request: CallRequest;
  /** The API key. It goes into a header and nowhere else. */
  key: string;
}

export const MAX_FRAMES = 200;
export const MAX_SHOWN_CHARACTERS = 4_000;
export const MAX_TEXT_CHARACTERS = 100_000;
const HEADERS = ["Content-Type", "X-Run", "X-Flow-Version", "X-Request-ID", "Retry-After"];
const CUT_SHORT = "The answer was cut short: the run did not complete, or the connection was lost.";

const emptyTrial: Trial = {
  state: "open",
  status: null,
  headers: [],
  run: null,
  version: null,
  frames: [],
  frameCount: 0,
  text: "",
  textCharacters: 0,
  firstTextMs: null,
  error: null,
};

/**
 * Sends the call. `onChange` is told what there is, at most once a frame of the screen, and once more at the end.
 * @returns a function that stops it: the connection is closed and the run is cancelled. Then nothing more is told,
 * except that it was stopped.
 */
export function startTrial(call: TrialCall, onChange: (trial: Trial) => void): () => void {
  const leaving = new AbortController();
  let trial = emptyTrial;
  let scheduled: number | null = null;
  const show = (): void => {
    if (scheduled !== null) cancelAnimationFrame(scheduled);
    scheduled = null;
    onChange(trial);
  };
  const change = (next: Partial<Trial>): void => {
    if (leaving.signal.aborted) return;
    trial = { ...trial, ...next };
    if (trial.state === "open") scheduled ??= requestAnimationFrame(show);
    else show();
  };
  onChange(trial);
  void receive(call, leaving.signal, () => trial, change);
  return () => {
    if (trial.state !== "open") return;
    trial = { ...trial, state: "stopped" };
    leaving.abort();
    show();
    if (trial.run !== null) cancelRun(trial.run, call.key);
  };
}

type Change = (next: Partial<Trial>) => void;

async function receive(
  call: TrialCall,
  signal: AbortSignal,
  get: () => Trial,
  change: Change,
): Promise<void> {
  const began = performance.now();
  const response = await send(call, signal);
  if (response === null) {
    if (!signal.aborted) reportNoAnswer();
    const { message, hint } = createUnreachableError();
    change({ state: "failed", error: `${message} ${hint ?? ""}`.trim() });
    return;
  }
  reportAnswer();
  change(describeHead(response));
  try {
    if (response.ok)
      await readFrames(response, call.form, (frame) => change(takeFrame(get(), call.form, frame, began)));
    else change(takeRefusal(await response.text()));
  } catch {
    change({ error: get().error ?? CUT_SHORT });
  }
  change({ state: get().error === null ? "done" : "failed" });
}

/** The answer; null where the server cannot be reached, or the call was stopped before it has answered. */
async function send({ request, key }: TrialCall, signal: AbortSignal): Promise<Response | null> {
  try {
    return await fetch(request.address, {
      method: "POST",
      headers: { ...request.headers, "Content-Type": "application/json", Authorization: `Bearer ${key}` },
      body: JSON.stringify(request.body),
      cache: "no-store",
      credentials: "omit", // the session of the editor is no part of what a client sends
      signal,
    });
  } catch {
    return null;
  }
}

function describeHead({ status, headers }: Response): Partial<Trial> {
  const told = HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const version = headers.get("X-Flow-Version");
  return {
    status,
    headers: told,
    run: headers.get("X-Run"),
    version: version === null ? null : Number(version),
  };
}

async function readFrames(response: Response, form: FormName, take: (frame: string) => void): Promise<void> {
  const { framing } = answerForms[form];
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  const cutter = new FrameCutter(isJson && framing === "events" ? "whole" : framing);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const read = await reader?.read();
    (read?.value === undefined ? cutter.end() : cutter.push(read.value)).forEach(take);
    if (read === undefined || read.done) return;
  }
}

function takeFrame(trial: Trial, form: FormName, frame: string, began: number): Partial<Trial> {
  const { text = "", error } = answerForms[form].read(frame, trial.text);
  return {
    ...addFrame(trial, frame),
    text: (trial.text + text).slice(-MAX_TEXT_CHARACTERS),
    textCharacters: trial.textCharacters + text.length,
    firstTextMs: trial.firstTextMs ?? (text === "" ? null : performance.now() - began),
    error: trial.error ?? error ?? null,
  };
}

function takeRefusal(body: string): Partial<Trial> {
  return { ...addFrame(emptyTrial, body), error: readRefusalBody(body) ?? "The server gave no reason." };
}

function addFrame(trial: Trial, frame: string): Pick<Trial, "frames" | "frameCount"> {
  const shown = frame.length > MAX_SHOWN_CHARACTERS ? `${frame.slice(0, MAX_SHOWN_CHARACTERS)} …` : frame;
  return { frames: [...trial.frames, shown].slice(-MAX_FRAMES), frameCount: trial.frameCount + 1 };
}

/** Cancels the run as a client does. Of some protocols it has ended already, because its client has left. */
function cancelRun(run: string, key: string): void {
  const cancelled = fetch(`${API_BASE_PATH}runs/${run}/cancel`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}` },
    credentials: "omit",
    keepalive: true, // the page may be about to close
  });
  cancelled.catch(() => undefined);
}
