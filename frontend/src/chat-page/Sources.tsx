import type { Citation } from "../api/types";
import { getSafeAddress } from "../run-panel/markdown/safe-address";
import styles from "./Sources.module.css";

/** The sources of an answer, by their numbers in it. */
export function Sources({ sources }: { sources: readonly Citation[] }) {
  if (sources.length === 0) return null;
  return (
    <ul className={styles.sources} aria-label="Sources">
      {sources.map((source, index) => (
        <li key={index}>
          <Source source={source} number={index + 1} />
        </li>
      ))}
    </ul>
  );
}

/** A page opens in a tab of its own; of anything else, the words that the answer rests on are unfolded. */
function Source({ source, number }: { source: Citation; number: number }) {
  const title = source.title ?? source.source ?? source.url ?? "Source";
  const address = getSafeAddress(source.url ?? source.source ?? "");
  const name = (
    <>
      <span className={styles.number}>{number}</span>
      <span className={styles.title}>{title}</span>
    </>
  );
  if (address)
    return (
      <a
        className={styles.source}
        href={address}
        target="_blank"
        rel="noopener noreferrer nofollow"
        title={source.cited_text ?? address}
      >
        {name}
      </a>
    );
  if (!source.cited_text) return <span className={styles.source}>{name}</span>;
  return (
    <details className={styles.cited}>
      <summary className={styles.source}>{name}</summary>
      <blockquote>{source.cited_text}</blockquote>
    </details>
  );
}
