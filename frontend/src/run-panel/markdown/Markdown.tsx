import { memo, useState } from "react";
import { Caret } from "../../ui/feedback/Caret";
import { BlockView } from "./BlockView";
import { emptyText, parseBlocks } from "./blocks";
import styles from "./Markdown.module.css";

interface MarkdownProps {
  text: string;
  /** More of the text will come. */
  isGrowing: boolean;
}

/**
 * A text as Markdown, while it grows: only its last block is drawn again. Nothing of the text becomes HTML: each part
 * is an element of React, raw HTML is shown as text, and an image as a link to it.
 */
export function Markdown({ text, isGrowing }: MarkdownProps) {
  const whole = text.replace(/\r\n?/g, "\n");
  const [parsed, setParsed] = useState(() => parseBlocks(emptyText, whole, isGrowing));
  const isCurrent = parsed.text === whole && parsed.isGrowing === isGrowing;
  const { blocks } = isCurrent ? parsed : parseBlocks(parsed, whole, isGrowing);
  if (!isCurrent) setParsed({ text: whole, isGrowing, blocks });
  return (
    <div className={styles.markdown}>
      {blocks.map(({ at, token }, index) => (
        <MemoBlock key={at} token={token} end={isGrowing && index === blocks.length - 1 ? <Caret /> : null} />
      ))}
      {isGrowing && blocks.length === 0 ? <Caret /> : null}
    </div>
  );
}

/** The tokens of finished blocks stay the same objects. */
const MemoBlock = memo(BlockView);
