import type { Problem } from "../api/types";
import { useJudgedProblems } from "../graph/useJudgedProblems";
import { Icon, type IconName } from "../ui/icons/Icon";
import styles from "./ProblemList.module.css";

interface ProblemListProps {
  onShow: (problem: Problem) => void;
  getNodeTitle: (id: string) => string;
}

type ProblemTone = "error" | "warning" | "todo";

const signs = {
  error: { icon: "failed", word: "Error" },
  warning: { icon: "alert", word: "Warning" },
  todo: { icon: "edit", word: "To do" },
} as const satisfies Record<ProblemTone, { icon: IconName; word: string }>;

/** The problems and warnings of the flow, then what its new nodes lack. A click on one shows its place. */
export function ProblemList({ onShow, getNodeTitle }: ProblemListProps) {
  const { faults, todos } = useJudgedProblems((judged) => judged);
  const rows = [
    ...faults.map((problem) => ({ tone: problem.severity, problem })),
    ...todos.map((problem) => ({ tone: "todo" as const, problem })),
  ];
  if (rows.length === 0) return <p className={styles.none}>No problems. The flow can run.</p>;
  return (
    <ul className={styles.list}>
      {rows.map(({ tone, problem }, index) => (
        <li key={index}>
          <button type="button" className={styles.row} onClick={() => onShow(problem)}>
            <span className={styles[tone]}>
              <Icon name={signs[tone].icon} />
              <span className={styles.word}>{signs[tone].word}</span>
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
