import { createContext, lazy, memo, Suspense, use } from "react";
import { Caret } from "../ui/feedback/Caret";
import styles from "./ClientView.module.css";

/** Whether answers are shown as the characters that the client receives, and not as Markdown. */
export const RawTextContext = createContext(false);

interface AnswerTextProps {
  text: string;
  /** More of the text will come. */
  isActive: boolean;
}

/** Without the part of the page that draws Markdown, an answer is read as its characters. */
const Markdown = lazy(() =>
  import("./markdown/Markdown").then(
    (module) => ({ default: module.Markdown }),
    () => ({
      default: ({ text, isGrowing }: { text: string; isGrowing: boolean }) => (
        <PlainText text={text} isActive={isGrowing} />
      ),
    }),
  ),
);

/** The text of an answer, as Markdown or as its characters. Screen readers hear it elsewhere. */
export function AnswerText({ text, isActive }: AnswerTextProps) {
  const isRaw = use(RawTextContext);
  if (text === "" && !isActive) return null;
  const plain = <PlainText text={text} isActive={isActive} />;
  return (
    <div className={styles.answer} aria-live="off">
      {isRaw || text === "" ? (
        plain
      ) : (
        <Suspense fallback={plain}>
          <Markdown text={text} isGrowing={isActive} />
        </Suspense>
      )}
    </div>
  );
}

function PlainText({ text, isActive }: AnswerTextProps) {
  const paragraphs = text === "" ? [] : text.split(/\n{2,}/);
  return (
    <>
      {paragraphs.map((paragraph, index) => (
        <Paragraph key={index} text={paragraph} caret={isActive && index === paragraphs.length - 1} />
      ))}
      {isActive && paragraphs.length === 0 ? <Caret /> : null}
    </>
  );
}

/** A paragraph of the answer. Only the one that grows is drawn again. */
const Paragraph = memo(function Paragraph({ text, caret }: { text: string; caret: boolean }) {
  return (
    <p className={styles.paragraph}>
      {text}
      {caret ? <Caret /> : null}
    </p>
  );
});
