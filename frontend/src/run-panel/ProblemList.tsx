import type { Problem } from "../api/types";
import { useGraph } from "../graph/useGraph";
import { Icon } from "../ui/icons/Icon";
import styles from "./ProblemList.module.css";

interface ProblemListProps {
  onShow: (problem: Problem) => void;
  getNodeTitle: (id: string) => string;
}

/** The problems and warnings of the flow. A click on one shows its place. */
export function ProblemList({ onShow, getNodeTitle }: ProblemListProps) {
  const problems = useGraph((graph) => graph.analysis.problems);
  if (problems.length === 0) return <p className={styles.none}>No problems. The flow can run.</p>;
  return (
    <ul className={styles.list}>
      {problems.map((problem, index) => (
        <li key={index}>
          <button type="button" className={styles.row} onClick={() => onShow(problem)}>
            <span className={styles[problem.severity]}>
              <Icon name={problem.severity === "error" ? "failed" : "alert"} />
              <span className={styles.word}>{problem.severity === "error" ? "Error" : "Warning"}</span>
            </span>
            <span className={styles.words}>
              {problem.node === null ? null : <b>{getNodeTitle(problem.node)} </b>}
              {problem.message} <span className={styles.hint}>{problem.hint}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
