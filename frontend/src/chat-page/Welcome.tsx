import type { OpenChatPage } from "../api/types";
import { ask } from "./conversation";
import { PageSign } from "./PageSign";
import styles from "./Welcome.module.css";

/** What stands before the first question: a greeting, and questions to begin with. */
export function Welcome({ page }: { page: OpenChatPage }) {
  const { title, greeting, starters, logo } = page;
  return (
    <section className={styles.welcome} aria-label="Welcome">
      {logo === null ? null : <PageSign page={page} isLarge />}
      <h2 className={styles.greeting}>{greeting || `Ask ${title}`}</h2>
      {starters.length > 0 ? (
        <ul className={styles.starters} aria-label="Questions to begin with">
          {starters.map((starter) => (
            <li key={starter}>
              <button type="button" className={styles.starter} onClick={() => ask(starter)}>
                {starter}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
