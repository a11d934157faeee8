/** The two sides of a comparison, in words and in the address of the page. Pure. */
import type { Side } from "../version-controls";

/** `the draft`, `version 3`. */
export function describeSide(number: number, draft: number): string {
  return number === draft ? "the draft" : `version ${number}`;
}

/** A side as the address has it; null for what is none. */
export function readSide(text: string | null): Side | null {
  if (text === "draft") return text;
  return text !== null && /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : null;
}

export function toSide(number: number, draft: number): Side {
  return number === draft ? "draft" : number;
}
