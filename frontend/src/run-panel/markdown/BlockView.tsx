import type { Token, Tokens } from "marked";
import type { ReactNode } from "react";
import { CopyButton } from "../../ui/controls/CopyButton";
import { InlineTokens, MarkedText } from "./InlineTokens";
import styles from "./Markdown.module.css";
import { dropSourceMarks } from "./source-marks";

interface BlockViewProps {
  token: Token;
  /** Stands at the end of the text of the block. */
  end?: ReactNode;
}

/** A block of Markdown. What is none of the blocks below is shown as text. */
export function BlockView({ token, end }: BlockViewProps): ReactNode {
  const block = token as Tokens.Generic;
  switch (block.type) {
    case "heading":
      return <Heading heading={block as Tokens.Heading} end={end} />;
    case "paragraph":
      return (
        <p>
          <InlineTokens tokens={block.tokens} />
          {end}
        </p>
      );
    case "text":
      return block.tokens ? (
        <InlineTokens tokens={block.tokens} />
      ) : (
        <MarkedText text={(block as Tokens.Text).text} />
      );
    case "code":
      return <Code code={block as Tokens.Code} />;
    case "blockquote":
      return (
        <blockquote>
          <Blocks tokens={block.tokens} />
        </blockquote>
      );
    case "list":
      return <List list={block as Tokens.List} />;
    case "table":
      return <Table table={block as Tokens.Table} />;
    case "hr":
      return <hr />;
    case "space":
    case "def":
      return null;
    default:
      return <p className={styles.raw}>{dropSourceMarks(block.raw)}</p>;
  }
}

function Blocks({ tokens }: { tokens: Token[] | undefined }) {
  return tokens?.map((token, index) => <BlockView key={index} token={token} />);
}

/** The headings of an answer stand below those of the page. */
const headingTags = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;

function Heading({ heading, end }: { heading: Tokens.Heading; end: ReactNode }) {
  const Tag = headingTags[heading.depth - 1] ?? "h6";
  return (
    <Tag>
      <InlineTokens tokens={heading.tokens} />
      {end}
    </Tag>
  );
}

function Code({ code }: { code: Tokens.Code }) {
  return (
    <div className={styles.code}>
      <div className={styles.codeHead}>
        <span>{code.lang?.split(/\s/)[0]}</span>
        <CopyButton kind="quiet" text={dropSourceMarks(code.text)} label="Copy the code" />
      </div>
      <pre tabIndex={0} role="group" aria-label="Code">
        <code>{dropSourceMarks(code.text)}</code>
      </pre>
    </div>
  );
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    <li key={index} className={item.task ? styles.task : undefined}>
      {item.task ? <TaskMark isDone={item.checked ?? false} /> : null}
      <Blocks tokens={item.tokens.filter(({ type }) => type !== "checkbox")} />
    </li>
  ));
  return list.ordered ? <ol start={list.start === "" ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
}

function TaskMark({ isDone }: { isDone: boolean }) {
  return (
    <input type="checkbox" checked={isDone} aria-label={isDone ? "Done" : "Not done"} readOnly disabled />
  );
}

function Table({ table }: { table: Tokens.Table }) {
  return (
    <div className={styles.table} tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" style={alignText(cell)}>
                <InlineTokens tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index} style={alignText(cell)}>
                  <InlineTokens tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignText({ align }: Tokens.TableCell) {
  return align === null ? undefined : { textAlign: align };
}
