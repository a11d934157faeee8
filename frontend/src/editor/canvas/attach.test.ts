import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionDescription, Flow, Graph } from "../../api/types";
import type { ActionIndex } from "../../graph/action-index";
import { closeFlow, openFlow, graphStore } from "../../graph/store";
import { chat, graphOf, helper, node, stream, trigger } from "../../testing/flow";
import { addAction } from "./acts";
import { attachmentPortX, HANG, sizeOf } from "./placement/geometry";
import { beginConnect, connectWords, finishConnect, turnPort } from "./gestures/key-connect";
import { linkToCard } from "./gestures/useConnecting";

/** A host whose second port, and only that, takes the helper. */
const splitting: ActionDescription = {
  ...stream,
  type: "t.save",
  title: "Save",
  width: 208,
  attachments: [
    { name: "splitter", title: "Splitter", accepts: ["t.other"] },
    { name: "embedder", title: "Embedder", accepts: ["t.helper"] },
  ],
};
const actions: ActionIndex = new Map(
  [trigger, stream, splitting, helper].map((action) => [action.type, action]),
);

function open(graph: Graph): void {
  const analysis = graphStore.getState().analysis;
  openFlow({ id: "f", graph, revision: 1, analysis } as Flow, false);
}

const graph = (): Graph => graphStore.getState().graph;
const newest = () => graph().nodes.at(-1);
const hanging = { node: "h", kind: "attachment", side: "target", name: "host" } as const;
const slot = { node: "save", kind: "attachment", side: "source", name: "embedder" } as const;

beforeEach(() => open(graphOf([node("save", splitting, 0, 0), node("h", helper, 0, 600)])));
afterEach(closeFlow);

describe("an edge that is dropped on the ground", () => {
  it("hangs a new helper with its diamond under the hand", () => {
    addAction(actions, helper, { kind: "port", port: slot, position: { x: 300, y: 900 } });
    expect(newest()?.position).toEqual({ x: 300 - helper.width / 2, y: 900 });
    expect(graph().edges).toMatchObject([{ source: "save", source_port: "embedder", target_port: "host" }]);
  });

  it("sets a new host above, joined by the port that takes the helper", () => {
    addAction(actions, splitting, { kind: "port", port: hanging, position: { x: 900, y: 500 } });
    const { height } = sizeOf(splitting);
    expect(newest()?.position).toEqual({ x: 900 - attachmentPortX(splitting, 1), y: 500 - height });
    expect(graph().edges).toMatchObject([{ source: "save_1", source_port: "embedder", target: "h" }]);
  });
});

describe("without a place of its own", () => {
  it("a new helper hangs straight below its port", () => {
    addAction(actions, helper, { kind: "port", port: slot, position: null });
    const x = attachmentPortX(splitting, 1) - helper.width / 2;
    expect(newest()?.position).toEqual({ x, y: sizeOf(splitting).height + HANG });
  });

  it("a new host stands straight above the helper", () => {
    open(graphOf([node("h", helper, 0, 600)]));
    addAction(actions, splitting, { kind: "port", port: hanging, position: null });
    const x = helper.width / 2 - attachmentPortX(splitting, 1);
    expect(newest()?.position).toEqual({ x, y: 600 - HANG - sizeOf(splitting).height });
  });
});

describe("an edge that is dropped on a card", () => {
  it("goes to the port that takes it", () => {
    expect(linkToCard(actions, hanging, "save")).toMatchObject({ source_port: "embedder", target: "h" });
    expect(linkToCard(actions, slot, "h")).toMatchObject({ source: "save", target_port: "host" });
  });
});

describe("by keys", () => {
  it("a helper begins at the diamond that it hangs by", () => {
    const at = graph().nodes.find(({ id }) => id === "h") ?? node("h", helper);
    const now = beginConnect(graph(), actions, at);
    if (!now) throw new Error("It has no port.");
    expect(connectWords(graph(), actions, now)).toBe("Connect t.helper to Embedder of Save");
    finishConnect(now);
    expect(graph().edges).toMatchObject([{ source: "save", source_port: "embedder", target: "h" }]);
  });

  it("a host reaches its attachment ports after its outputs", () => {
    open(chat);
    const answer = chat.nodes.find(({ id }) => id === "answer") ?? node("answer", stream);
    const first = beginConnect(chat, actions, answer);
    if (!first) throw new Error("It has no port.");
    const last = turnPort(chat, actions, first, -1);
    expect(last.from).toMatchObject({ kind: "attachment", name: "reducer" });
    expect(last.candidates).toMatchObject([{ node: "reduce", name: "host" }]);
  });
});
