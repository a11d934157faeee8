import { useRef } from "react";

/** The part of a key press that a search field reads, of React and of the browser alike. */
interface SearchKey {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

interface SearchKeys {
  /** Empties the field. Undo brings the text back. */
  clear: () => void;
  /** Acts on a key of the field, and returns whether the key was for it. */
  handleKey: (pressed: SearchKey) => boolean;
}

/**
 * The keys that every search field has: Escape empties it, and undo brings back what Escape took. In an empty field
 * Escape is not handled: it is for what is around the field, such as its dialog.
 */
export function useSearchKeys(text: string, setText: (text: string) => void): SearchKeys {
  const cleared = useRef("");
  const clear = (): void => {
    cleared.current = text;
    setText("");
  };
  const bringBack = (): void => {
    setText(cleared.current);
    cleared.current = "";
  };
  const handleKey = (pressed: SearchKey): boolean => {
    if (pressed.key === "Escape" && text !== "") clear();
    else if (isUndo(pressed) && text === "" && cleared.current !== "") bringBack();
    else return false;
    return true;
  };
  return { clear, handleKey };
}

function isUndo({ key, metaKey, ctrlKey, altKey, shiftKey }: SearchKey): boolean {
  return key.toLowerCase() === "z" && (metaKey || ctrlKey) && !altKey && !shiftKey;
}
