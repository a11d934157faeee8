import { useState } from "react";

const PREFIX = "millrace.typed.";
const PERSON_KEY = "millrace.typing-person";

interface KeptText {
  /** What is typed; null while nothing is. */
  text: string | null;
  change: (text: string | null) => void;
  /** Puts a text back that was sent in vain, unless something else is typed by now. */
  giveBack: (text: string) => void;
}

/**
 * What is typed in a field and not sent yet. It outlives the field and a reload of the page, until the browser's tab is
 * closed. A browser that keeps nothing for the page forgets it with the field.
 */
export function useKeptText(name: string): KeptText {
  const key = `${PREFIX}${name}`;
  const [text, setText] = useState(() => readText(key));
  const change = (next: string | null): void => {
    writeText(key, next);
    setText(next);
  };
  const giveBack = (sent: string): void => {
    if (!readText(key)) change(sent);
  };
  return { text, change, giveBack };
}

function readText(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function writeText(key: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // What is typed stays in the field; only a reload forgets it.
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
    // A browser that keeps nothing has nothing of another person.
  }
}
