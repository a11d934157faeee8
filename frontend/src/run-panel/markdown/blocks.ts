/** Splits a text into the blocks of Markdown, while it grows. Pure. */
import { type Token, Lexer } from "marked";
import { closeOpenMarks } from "./open-marks";

export interface Block {
  /** Where the block begins in the text, which identifies it while the text grows. */
  at: number;
  token: Token;
}

export interface ParsedText {
  text: string;
  isGrowing: boolean;
  blocks: readonly Block[];
}

export const emptyText: ParsedText = { text: "", isGrowing: true, blocks: [] };

/**
 * The blocks of the text. Of a text that has grown, only the last block is read again, because only that can still
 * change; the others stay the same objects.
 */
export function parseBlocks(before: ParsedText, text: string, isGrowing: boolean): ParsedText {
  const kept = before.isGrowing && text.startsWith(before.text) ? before.blocks.slice(0, -1) : [];
  const last = kept.at(-1);
  const start = last ? last.at + last.token.raw.length : 0;
  const tail = text.slice(start);
  const blocks = [...kept, ...readBlocks(isGrowing ? closeOpenMarks(tail) : tail, start)];
  // What follows a space at the end may belong to the block before it, as in a list.
  return { text, isGrowing, blocks: blocks.at(-1)?.token.type === "space" ? blocks.slice(0, -1) : blocks };
}

function readBlocks(text: string, start: number): Block[] {
  let at = start;
  return new Lexer({ gfm: true }).lex(text).map((token) => {
    const block = { at, token };
    at += token.raw.length;
    return block;
  });
}
