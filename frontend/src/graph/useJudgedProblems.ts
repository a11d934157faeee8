import { type JudgedProblems, judgeProblems } from "./judged-problems";
import type { GraphState } from "./store";
import { useGraph } from "./useGraph";

let last: { inputs: readonly unknown[]; judged: JudgedProblems } | null = null;

/** The judged problems of the store. They stay the same lists until one of them is another. */
export function getJudgedProblems(state: GraphState): JudgedProblems {
  const { analysis, graph, visits } = state;
  const inputs = [analysis.problems, graph.nodes, visits];
  if (last?.inputs.every((input, index) => input === inputs[index])) return last.judged;
  const { faults, todos } = judgeProblems(analysis.problems, graph, visits);
  const before = last?.judged;
  const judged = {
    faults: before && isSameList(before.faults, faults) ? before.faults : faults,
    todos: before && isSameList(before.todos, todos) ? before.todos : todos,
  };
  last = { inputs, judged };
  return judged;
}

function isSameList<Item>(some: readonly Item[], others: readonly Item[]): boolean {
  return some.length === others.length && some.every((item, index) => item === others[index]);
}

/** A part of the judged problems. The component is drawn again when that part changes. */
export function useJudgedProblems<Part>(select: (judged: JudgedProblems) => Part): Part {
  return useGraph((state) => select(getJudgedProblems(state)));
}
