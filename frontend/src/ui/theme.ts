import { useSyncExternalStore } from "react";

export const themes = [
  { value: "system", title: "Same as the system" },
  { value: "light", title: "Light" },
  { value: "dark", title: "Dark" },
] as const;

export type Theme = (typeof themes)[number]["value"];

const KEY = "millrace.theme";
const listeners = new Set<() => void>();

/** Follows the system unless `data-theme` on the document says otherwise. */
export function applyStoredTheme(): void {
  show(storedTheme());
}

export function setTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  show(theme);
  listeners.forEach((listener) => listener());
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, storedTheme);
}

function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
