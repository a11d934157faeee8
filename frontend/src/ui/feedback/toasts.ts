import { create } from "zustand";

export interface ToastAction {
  label: string;
  act: () => void;
}

export interface Toast {
  id: number;
  kind: "done" | "failed";
  /** One line. */
  title: string;
  /** One more line: the effect, or the reason. */
  text?: string;
  action?: ToastAction;
}

interface ToastStore {
  toasts: Toast[];
  add: (toast: Omit<Toast, "id">) => void;
  remove: (id: number) => void;
}

const MAX_TOASTS = 2;
let lastId = 0;

export const useToasts = create<ToastStore>((set) => ({
  toasts: [],
  add: (toast) => {
    lastId += 1;
    const added = { ...toast, id: lastId };
    set(({ toasts }) => ({ toasts: makeRoom(toasts).concat(added) }));
  },
  remove: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
}));

/** Shows that something was done. The toast closes after 6 seconds. */
export function showDoneToast(title: string, more: Pick<Toast, "text" | "action"> = {}): void {
  useToasts.getState().add({ kind: "done", title, ...more });
}

/** Shows that something failed. The toast stays until it is closed. */
export function showFailedToast(title: string, more: Pick<Toast, "text" | "action"> = {}): void {
  useToasts.getState().add({ kind: "failed", title, ...more });
}

/** Closes all toasts, because what follows makes them old. */
export function closeToasts(): void {
  useToasts.setState({ toasts: [] });
}

/** How far the corner of the toasts is from that of the window, in px. */
export interface ToastCorner {
  right: number;
  bottom: number;
}

/** Moves the toasts to another corner than that of the window, so that they cover nothing; null moves them back. */
export function placeToasts(corner: ToastCorner | null): void {
  const { style } = document.documentElement;
  style.setProperty("--toasts-right", `${corner?.right ?? 0}px`);
  style.setProperty("--toasts-bottom", `${corner?.bottom ?? 0}px`);
}

/** Removes the oldest toast when there are too many; a failure is removed last. */
function makeRoom(toasts: Toast[]): Toast[] {
  if (toasts.length < MAX_TOASTS) return toasts;
  const leaving = toasts.find((toast) => toast.kind === "done") ?? toasts[0];
  return toasts.filter((toast) => toast !== leaving);
}
