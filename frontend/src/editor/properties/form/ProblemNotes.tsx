import { Fragment, type ReactNode } from "react";
import type { Problem, ScopeVariable } from "../../../api/types";
import { Icon } from "../../../ui/icons/Icon";
import { Notice } from "../../../ui/feedback/Notice";
import styles from "./ProblemNotes.module.css";

interface ProblemNotesProps {
  problems: Problem[];
  scope: ScopeVariable[];
  /** Put another variable in the place of one that is not there. */
  onReplace?: (unknown: string, known: string) => void;
}

/** What the server says about a property: amber will run, red will not. */
export function ProblemNotes({ problems, scope, onReplace }: ProblemNotesProps) {
  return problems.map((problem) => {
    const key = `${problem.code} ${problem.message}`;
    const said = <ProblemText problem={problem} scope={scope} onReplace={onReplace} />;
    return problem.severity === "warning" ? (
      <Notice key={key} kind="warning">
        {said}
      </Notice>
    ) : (
      <RefusalNote key={key}>{said}</RefusalNote>
    );
  });
}

/** Why a value is none. */
export function RefusalNote({ children }: { children: ReactNode }) {
  return (
    <p className={styles.refused}>
      <Icon name="failed" size={12} />
      <span>{children}</span>
    </p>
  );
}

/** The sentence and its remedy. A variable that the remedy names can be taken by a click. */
function ProblemText({
  problem,
  scope,
  onReplace,
}: Omit<ProblemNotesProps, "problems"> & { problem: Problem }) {
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
