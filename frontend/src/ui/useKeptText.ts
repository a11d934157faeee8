import { useSyncExternalStore } from "react";

const PREFIX = "millrace.typed.";
const PERSON_KEY = "millrace.typing-person";

const fields = new Set<() => void>();
/** What the browser could not keep, until the page is left: it is newer than what it has kept. */
const unstored = new Map<string, string>();

interface KeptText {
  /** What is typed; null while nothing is. */
  text: string | null;
  change: (text: string | null) => void;
  /** Puts a text back that was sent in vain, unless something else is typed by now. */
  giveBack: (text: string) => void;
}

/**
 * What is typed in a field and not sent yet. It outlives the field and a reload of the page, until the browser's tab is
 * closed. A field that was drawn anew meanwhile shows what is given back to the one before it.
 */
export function useKeptText(name: string): KeptText {
  const key = `${PREFIX}${name}`;
  const text = useSyncExternalStore(watch, () => readText(key));
  const change = (next: string | null): void => {
    writeText(key, next);
    fields.forEach((look) => look());
  };
  const giveBack = (sent: string): void => {
    if (!readText(key)) change(sent);
  };
  return { text, change, giveBack };
}

function watch(look: () => void): () => void {
  fields.add(look);
  return () => fields.delete(look);
}

function readText(key: string): string | null {
  try {
    return unstored.get(key) ?? sessionStorage.getItem(key);
  } catch {
    return unstored.get(key) ?? null;
  }
}

function writeText(key: string, text: string | null): void {
  unstored.delete(key);
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    if (text !== null) unstored.set(key, text); // a reload forgets it
  }
}

/** Forgets what another person has typed in this tab. Called before the pages of a person are shown. */
export function claimKeptTexts(person: string): void {
  try {
    if (sessionStorage.getItem(PERSON_KEY) === person) return;
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => sessionStorage.removeItem(key));
    sessionStorage.setItem(PERSON_KEY, person);
  } catch {
    // The next lines forget what such a browser was to keep.
  }
  unstored.clear();
}
