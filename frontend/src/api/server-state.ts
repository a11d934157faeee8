/** Whether the server can be reached and whether the session goes on, as the last answers and failures showed it. */
import { createStore } from "zustand/vanilla";
import { withBasePath } from "./server-address";

export interface ServerState {
  /** `restarting`: the server said that it ends; `offline`: the browser has no network. */
  reach: "reachable" | "restarting" | "unreachable" | "offline";
  /** The session has ended while the page was open. */
  isSignedOut: boolean;
  /** The person is a member of the workspace of the open page no more. */
  isRemoved: boolean;
  /** The person pressed something that needs the session, so the sign-in form is open. */
  isSigningIn: boolean;
}

export const serverStateStore = createStore<ServerState>()(() => ({
  reach: "reachable",
  isSignedOut: false,
  isRemoved: false,
  isSigningIn: false,
}));

const STOPPING_CODE = "shutting_down";

/** Records that an answer came. While the server restarts only `checkServer` finds that it is back. */
export function reportAnswer(code?: string): void {
  if (code === STOPPING_CODE) reportRestarting();
  else if (serverStateStore.getState().reach !== "restarting") setReach("reachable");
}

/** Records that a call did not reach the server. */
export function reportNoAnswer(): void {
  setReach(navigator.onLine ? "unreachable" : "offline");
}

/** Records that the server has begun to end. Another process takes its place. */
export function reportRestarting(): void {
  setReach("restarting");
}

export function reportSignedIn(): void {
  const { isSignedOut, isRemoved, isSigningIn } = serverStateStore.getState();
  if (isSignedOut || isRemoved || isSigningIn)
    serverStateStore.setState({ isSignedOut: false, isRemoved: false, isSigningIn: false });
}

/** Records that the person was removed from the workspace of the open page. The session goes on. */
export function reportRemoved(): void {
  serverStateStore.setState({ isSignedOut: false, isRemoved: true, isSigningIn: false });
}

export function reportSignedOut(): void {
  if (!serverStateStore.getState().isSignedOut) serverStateStore.setState({ isSignedOut: true });
}

/** Opens or closes the form that signs in without leaving the page. */
export function setSigningIn(isSigningIn: boolean): void {
  serverStateStore.setState({ isSigningIn });
}

export function isServerReachable({ reach }: ServerState): boolean {
  return reach === "reachable";
}

/** Whether a call can succeed now: the server is there and knows the person. */
export function isServerReady({ reach, isSignedOut, isRemoved }: ServerState): boolean {
  return reach === "reachable" && !isSignedOut && !isRemoved;
}

/** Calls `callback` each time the server can be used again. @returns a function that ends it */
export function onServerReady(callback: () => void): () => void {
  return onBecoming(isServerReady, callback);
}

/** Calls `callback` each time the server is there again. @returns a function that ends it */
export function onServerReachable(callback: () => void): () => void {
  return onBecoming(isServerReachable, callback);
}

/** Calls `callback` each time something finds that the session has ended. @returns a function that ends it */
export function onSignedOut(callback: () => void): () => void {
  return onBecoming(({ isSignedOut }) => isSignedOut, callback);
}

function onBecoming(holds: (state: ServerState) => boolean, callback: () => void): () => void {
  return serverStateStore.subscribe((now, before) => {
    if (holds(now) && !holds(before)) callback();
  });
}

const READY_PATH = withBasePath("/readyz");

/** Asks the server whether it takes calls, and records what it learns. Never rejects. */
export async function checkServer(): Promise<void> {
  try {
    const { status } = await fetch(READY_PATH, { cache: "no-store" });
    if (status < 500) setReach("reachable");
  } catch {
    reportNoAnswer();
  }
}

function setReach(reach: ServerState["reach"]): void {
  if (serverStateStore.getState().reach !== reach) serverStateStore.setState({ reach });
}

const FIRST_CHECK_MS = 1_000;
const LAST_CHECK_MS = 8_000;

/** Looks for the server while it is away, and hears of the network from the browser. @returns a function that ends it */
export function watchServer(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_CHECK_MS;
  const plan = (): void => {
    clearTimeout(timer);
    if (serverStateStore.getState().reach === "reachable") wait = FIRST_CHECK_MS;
    else timer = setTimeout(check, wait);
  };
  const check = (): void => {
    wait = Math.min(wait * 2, LAST_CHECK_MS);
    void checkServer().then(plan);
  };
  const checkNow = (): void => void checkServer();
  const unsubscribe = serverStateStore.subscribe(plan);
  addEventListener("offline", reportNoAnswer);
  addEventListener("online", checkNow);
  return () => {
    clearTimeout(timer);
    unsubscribe();
    removeEventListener("offline", reportNoAnswer);
    removeEventListener("online", checkNow);
  };
}
