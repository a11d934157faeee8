import type { SearchAnswer, SearchMatch } from "../../api/types";
import { formatCount, formatDuration } from "../../ui/format";
import { Tag } from "../../ui/feedback/Tag";
import text from "../../ui/text.module.css";
import { MarkedText } from "./MarkedText";
import styles from "./TrySearch.module.css";

interface SearchResultsProps {
  answer: SearchAnswer | undefined;
  /** What was searched for. */
  searchedText: string | undefined;
  searching: boolean;
  /** The collection has nothing that a search can find. */
  empty: boolean;
}

/** The found chunks, the best first: score, text with the words that match, and source. */
export function SearchResults({ answer, searchedText, searching, empty }: SearchResultsProps) {
  const words = describeOutcome(answer, searchedText, searching, empty);
  return (
    <section className={styles.results} aria-label="Results" aria-busy={searching}>
      <p className={styles.head} role="status">
        {words}
      </p>
      <ol className={styles.list}>
        {(answer?.results ?? []).map((match, index) => (
          <Match key={index} match={match} />
        ))}
      </ol>
    </section>
  );
}

function describeOutcome(
  answer: SearchAnswer | undefined,
  searchedText: string | undefined,
  searching: boolean,
  empty: boolean,
): string {
  if (searching) return "Searching";
  if (!answer) return empty ? "Nothing can be found yet: upload a document first." : "";
  const { results, took_ms: ms, unknown_fields: unknown } = answer;
  if (unknown.length > 0) return describeUnknownFields(unknown, results.length);
  if (results.length === 0)
    return `Nothing fits “${searchedText ?? ""}”. Other words or a wider filter may find more.`;
  return `${formatCount(results.length, "chunk")} in ${formatDuration(ms)}`;
}

/** A field that no document has is null in all of them, which is seldom what was meant. */
function describeUnknownFields(unknown: readonly string[], found: number): string {
  const names = unknown.map((name) => `“${name}”`).join(" and ");
  const result = found === 0 ? "Nothing fits" : formatCount(found, "chunk");
  return `${result}: no document has the field ${names} of the filter. The fields that they have stand below it.`;
}

function Match({ match }: { match: SearchMatch }) {
  const { score, document, metadata, matches } = match;
  const facts = Object.entries(metadata).filter(([, value]) => value !== document);
  return (
    <li className={styles.match}>
      <div className={styles.score}>
        <b>{score.toFixed(3)}</b>
        <span className={styles.meter} aria-hidden="true">
          <span style={{ width: `${100 * Math.min(1, Math.max(0, score))}%` }} />
        </span>
      </div>
      <div className={styles.found}>
        <p className={styles.chunk}>
          <MarkedText text={match.text} words={matches} />
        </p>
        <p className={styles.matches}>
          {matches.length > 0 ? `Matches: ${matches.join(", ")}` : "Shares no word; found by its meaning."}
        </p>
        <p className={styles.source}>
          <span className={text.clip}>{document}</span>
          {facts.map(([name, value]) => (
            <Tag key={name}>
              {name}: {typeof value === "string" ? value : JSON.stringify(value)}
            </Tag>
          ))}
        </p>
      </div>
    </li>
  );
}
