import { Fragment, type ReactNode } from "react";
import type { Problem, ScopeVariable } from "../../../api/types";
import { Icon } from "../../../ui/icons/Icon";
import { Notice } from "../../../ui/feedback/Notice";
import styles from "./Notes.module.css";

interface NotesProps {
  problems: Problem[];
  scope: ScopeVariable[];
  /** Put another variable in the place of one that is not there. */
  onReplace?: (unknown: string, known: string) => void;
}

/** What the server says about a property: amber will run, red will not. */
export function Notes({ problems, scope, onReplace }: NotesProps) {
  return problems.map((problem) => {
    const key = `${problem.code} ${problem.message}`;
    const said = <Said problem={problem} scope={scope} onReplace={onReplace} />;
    return problem.severity === "warning" ? (
      <Notice key={key} kind="warning">
        {said}
      </Notice>
    ) : (
      <Refused key={key}>{said}</Refused>
    );
  });
}

/** Why a value is none. */
export function Refused({ children }: { children: ReactNode }) {
  return (
    <p className={styles.refused}>
      <Icon name="failed" size={12} />
      <span>{children}</span>
    </p>
  );
}

/** The sentence and its remedy. A variable that the remedy names can be taken by a click. */
function Said({ problem, scope, onReplace }: Omit<NotesProps, "problems"> & { problem: Problem }) {
  const unknown = problem.code === "unknown_variable" ? /'([^']+)'/.exec(problem.message)?.[1] : undefined;
  if (!problem.hint) return <>{problem.message}</>;
  if (!unknown || !onReplace) {
    return (
      <>
        {problem.message} {problem.hint}
      </>
    );
  }
  const names = scope.map(({ name }) => name);
  return (
    <>
      {problem.message}{" "}
      {problem.hint.split(/\b/).map((word, index) => (
        <Fragment key={index}>
          {names.includes(word) ? (
            <button type="button" className={styles.remedy} onClick={() => onReplace(unknown, word)}>
              {word}
            </button>
          ) : (
            word
          )}
        </Fragment>
      ))}
    </>
  );
}
