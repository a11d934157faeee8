import { useSyncExternalStore } from "react";

export const themes = [
  { value: "system", title: "Same as the system" },
  { value: "light", title: "Light" },
  { value: "dark", title: "Dark" },
] as const;

export type Theme = (typeof themes)[number]["value"];

/** Where the choice is stored. `public/theme.js` reads it when a page is loaded. */
const THEME_STORAGE_KEY = "millrace.theme";
const listeners = new Set<() => void>();

export function setTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(THEME_STORAGE_KEY);
  else localStorage.setItem(THEME_STORAGE_KEY, theme);
  applyTheme(theme);
  listeners.forEach((listener) => listener());
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, readStoredTheme);
}

function readStoredTheme(): Theme {
  const stored = localStorage.getItem(THEME_STORAGE_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
