import { beforeEach, describe, expect, it } from "vitest";
import type { Flow, Problem } from "../api/types";
import { chat, createNode, step } from "../testing/flow";
import { addNode, setProperty } from "./commands/nodes";
import { edit, endNewNodes, enterField, graphStore, leaveField, openFlow, showStored } from "./store";
import { getJudgedProblems } from "./useJudgedProblems";

function createProblem(node: string, change: Partial<Problem> = {}): Problem {
  return {
    ...{ node, edge: null, property: "value", code: "required", severity: "error" },
    ...{ message: "Value is required.", hint: null, column: null, ...change },
  };
}

const withNew = { ...chat, nodes: [...chat.nodes, createNode("n", step)] };

function createFlow(graph = chat, ...problems: Problem[]): Flow {
  const { analysis } = graphStore.getState();
  return { id: "f", graph, revision: 1, analysis: { ...analysis, problems } } as Flow;
}

/** The server has answered with these problems. */
function report(...problems: Problem[]): void {
  graphStore.setState(({ analysis }) => ({ analysis: { ...analysis, problems } }));
}

const count = () => {
  const { faults, todos } = getJudgedProblems(graphStore.getState());
  return { faults: faults.length, todos: todos.length };
};

beforeEach(() => {
  openFlow(createFlow(), false);
  edit("Add", (graph) => addNode(graph, createNode("n", step)));
  report(createProblem("n"));
});

describe("what a new node lacks", () => {
  it("is to do, and no fault", () => {
    expect(count()).toEqual({ faults: 0, todos: 1 });
  });

  it("is a fault when its field was left", () => {
    enterField("n", "value");
    expect(count()).toEqual({ faults: 0, todos: 1 });
    leaveField("n", "value");
    expect(count()).toEqual({ faults: 1, todos: 0 });
  });

  it("stays to do when another field was left", () => {
    leaveField("n", "title");
    expect(count()).toEqual({ faults: 0, todos: 1 });
  });

  it("is a fault when a run was tried", () => {
    endNewNodes();
    expect(count()).toEqual({ faults: 1, todos: 0 });
  });

  it("is a fault when the flow is opened again", () => {
    openFlow(createFlow(withNew, createProblem("n")), false);
    expect(count()).toEqual({ faults: 1, todos: 0 });
  });

  it("is neither as soon as it is given", () => {
    edit("Edit", (graph) => setProperty(graph, { node: "n", name: "value", value: "x" }));
    expect(count()).toEqual({ faults: 0, todos: 0 });
  });

  it("is a fault when it was wrong and not missing", () => {
    report(createProblem("n", { code: "invalid_value" }));
    expect(count()).toEqual({ faults: 1, todos: 0 });
  });
});

it("a node that somebody else has added is not new here", () => {
  openFlow(createFlow(), false);
  showStored(createFlow(withNew, createProblem("n")), "Load theirs");
  expect(count()).toEqual({ faults: 1, todos: 0 });
});

describe("an error of the field that a person is in", () => {
  const unknown = createProblem("save", { code: "unknown_variable" });

  it("waits until the field is left", () => {
    enterField("save", "value");
    report(unknown);
    expect(count()).toEqual({ faults: 0, todos: 0 });
    leaveField("save", "value");
    expect(count()).toEqual({ faults: 1, todos: 0 });
  });

  it("goes on to be told when it was told before", () => {
    report(unknown);
    enterField("save", "value");
    expect(count()).toEqual({ faults: 1, todos: 0 });
  });

  it("does not hold back a warning, nor the errors of other fields", () => {
    enterField("save", "value");
    report(createProblem("save", { code: "may_be_unset", severity: "warning" }), createProblem("answer"));
    expect(count()).toEqual({ faults: 2, todos: 0 });
  });
});

it("an empty canvas lacks a trigger, which is to do", () => {
  const missing = createProblem("", { node: null, property: null, code: "no_trigger" });
  openFlow(createFlow({ ...chat, nodes: [], edges: [] }, missing), false);
  expect(count()).toEqual({ faults: 0, todos: 1 });
  openFlow(createFlow(chat, missing), false);
  expect(count()).toEqual({ faults: 1, todos: 0 });
});
