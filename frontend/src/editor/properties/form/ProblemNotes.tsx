import { Fragment, type ReactNode } from "react";
import type { Problem, ScopeVariable } from "../../../api/types";
import { Icon } from "../../../ui/icons/Icon";
import { Notice } from "../../../ui/feedback/Notice";
import styles from "./ProblemNotes.module.css";

interface ProblemNotesProps {
  problems: Problem[];
  scope: ScopeVariable[];
  /** Replaces a variable that does not exist. */
  onReplace?: (unknown: string, known: string) => void;
}

/** The problems that the server finds in a property: a flow with amber ones runs, one with red ones does not. */
export function ProblemNotes({ problems, scope, onReplace }: ProblemNotesProps) {
  return problems.map((problem) => {
    const key = `${problem.code} ${problem.message}`;
    const problemText = <ProblemText problem={problem} scope={scope} onReplace={onReplace} />;
    return problem.severity === "warning" ? (
      <Notice key={key} kind="warning">
        {problemText}
      </Notice>
    ) : (
      <RefusalNote key={key}>{problemText}</RefusalNote>
    );
  });
}

/** Says why a value is refused. */
export function RefusalNote({ children }: { children: ReactNode }) {
  return (
    <p className={styles.refused}>
      <Icon name="failed" size={12} />
      <span>{children}</span>
    </p>
  );
}

/** The message and what to do. A click on a variable in it replaces the unknown one. */
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
