import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionDescription, Flow, Graph } from "../../../api/types";
import type { ActionIndex } from "../../../graph/action-index";
import { closeFlow, openFlow, graphStore } from "../../../graph/store";
import { chat, createGraph, helper, createNode, stream, trigger } from "../../../testing/flow";
import { addAction } from "./add-action";
import { computeAttachmentPortX, HELPER_GAP_PX, computeCardSize } from "./geometry";
import { startKeyConnect, describeKeyConnect, finishKeyConnect, choosePort } from "../gestures/key-connect";
import { findLinkToCard } from "../gestures/useConnectGestures";

/** A host with two attachment ports; only the second accepts the helper. */
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

beforeEach(() => open(createGraph([createNode("save", splitting, 0, 0), createNode("h", helper, 0, 600)])));
afterEach(closeFlow);

describe("an edge that is dropped on the ground", () => {
  it("hangs a new helper with its diamond under the hand", () => {
    addAction(actions, helper, { kind: "port", port: slot, position: { x: 300, y: 900 } });
    expect(newest()?.position).toEqual({ x: 300 - helper.width / 2, y: 900 });
    expect(graph().edges).toMatchObject([{ source: "save", source_port: "embedder", target_port: "host" }]);
  });

  it("sets a new host above, joined by the port that takes the helper", () => {
    addAction(actions, splitting, { kind: "port", port: hanging, position: { x: 900, y: 500 } });
    const { height } = computeCardSize(splitting);
    expect(newest()?.position).toEqual({ x: 900 - computeAttachmentPortX(splitting, 1), y: 500 - height });
    expect(graph().edges).toMatchObject([{ source: "save_1", source_port: "embedder", target: "h" }]);
  });
});

describe("without a place of its own", () => {
  it("a new helper hangs straight below its port", () => {
    addAction(actions, helper, { kind: "port", port: slot, position: null });
    const x = computeAttachmentPortX(splitting, 1) - helper.width / 2;
    expect(newest()?.position).toEqual({ x, y: computeCardSize(splitting).height + HELPER_GAP_PX });
  });

  it("a new host stands straight above the helper", () => {
    open(createGraph([createNode("h", helper, 0, 600)]));
    addAction(actions, splitting, { kind: "port", port: hanging, position: null });
    const x = helper.width / 2 - computeAttachmentPortX(splitting, 1);
    expect(newest()?.position).toEqual({ x, y: 600 - HELPER_GAP_PX - computeCardSize(splitting).height });
  });
});

describe("an edge that is dropped on a card", () => {
  it("goes to the port that takes it", () => {
    expect(findLinkToCard(actions, hanging, "save")).toMatchObject({ source_port: "embedder", target: "h" });
    expect(findLinkToCard(actions, slot, "h")).toMatchObject({ source: "save", target_port: "host" });
  });
});

describe("by keys", () => {
  it("a helper begins at the diamond that it hangs by", () => {
    const at = graph().nodes.find(({ id }) => id === "h") ?? createNode("h", helper);
    const now = startKeyConnect(graph(), actions, at);
    if (!now) throw new Error("It has no port.");
    expect(describeKeyConnect(graph(), actions, now)).toBe("Connect t.helper to Embedder of Save");
    finishKeyConnect(now);
    expect(graph().edges).toMatchObject([{ source: "save", source_port: "embedder", target: "h" }]);
  });

  it("a host reaches its attachment ports after its outputs", () => {
    open(chat);
    const answer = chat.nodes.find(({ id }) => id === "answer") ?? createNode("answer", stream);
    const first = startKeyConnect(chat, actions, answer);
    if (!first) throw new Error("It has no port.");
    const last = choosePort(chat, actions, first, -1);
    expect(last.from).toMatchObject({ kind: "attachment", name: "reducer" });
    expect(last.candidates).toMatchObject([{ node: "reduce", name: "host" }]);
  });
});
