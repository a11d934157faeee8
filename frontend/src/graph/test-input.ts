/** What Run sends: the test data of the trigger. Pure. */
import type { ActionDescription, GraphNode, Json, RunInput } from "../api/types";
import { type ActionIndex, getAction } from "./action-index";
import { writeSample } from "./schema-sample";

/** The test data of the trigger; without them the example of a body that it has, or its default. */
export function getTestInput(actions: ActionIndex, nodes: readonly GraphNode[]): RunInput {
  const trigger = findTrigger(actions, nodes);
  if (!trigger) return {};
  const { action, node } = trigger;
  const shipped = action.properties.find((each) => each.name === "test_data")?.default;
  const input = readObject(node.properties.test_data ?? node.properties.example ?? shipped ?? null);
  return takesField(action, "prompt") ? pickChatInput(input) : input;
}

/** What a caller may send: the test data of the trigger, or what its schema describes; a chat is greeted at least. */
export function getExampleInput(actions: ActionIndex, nodes: readonly GraphNode[]): RunInput {
  const input = getTestInput(actions, nodes);
  if (input.prompt === "") return { ...input, prompt: "Hello" };
  const schema = findTrigger(actions, nodes)?.node.properties.body_schema;
  if (Object.keys(input).length > 0 || schema === undefined) return input;
  return readObject(writeSample(schema));
}

export function hasTrigger(actions: ActionIndex, nodes: readonly GraphNode[]): boolean {
  return findTrigger(actions, nodes) !== null;
}

/** Whether a run takes a prompt, as a chat does, and not any JSON. */
export function takesPromptInput(actions: ActionIndex, nodes: readonly GraphNode[]): boolean {
  const trigger = findTrigger(actions, nodes);
  return trigger === null || takesField(trigger.action, "prompt");
}

/** Whether a run takes the id of a session, so that runs can be turns of one conversation. */
export function takesSessionId(actions: ActionIndex, nodes: readonly GraphNode[]): boolean {
  const trigger = findTrigger(actions, nodes);
  return trigger !== null && takesField(trigger.action, "session_id");
}

function findTrigger(actions: ActionIndex, nodes: readonly GraphNode[]) {
  const node = nodes.find((each) => getAction(actions, each).role === "trigger");
  return node ? { node, action: getAction(actions, node) } : null;
}

function takesField({ outputs }: ActionDescription, name: string): boolean {
  return outputs.some(({ fields }) => fields.some((field) => field.name === name));
}

function readObject(data: Json | { expression: string }): RunInput {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
}

/** The fields that a caller may send. Empty fields are left out. */
function pickChatInput({ prompt, session_id, context, history, instructions, files }: RunInput): RunInput {
  return {
    prompt: typeof prompt === "string" ? prompt : "",
    ...(typeof session_id === "string" && session_id !== "" ? { session_id } : {}),
    ...(context === undefined || context === null ? {} : { context }),
    ...(Array.isArray(history) && history.length > 0 ? { history } : {}),
    ...(typeof instructions === "string" && instructions !== "" ? { instructions } : {}),
    ...(Array.isArray(files) && files.length > 0 ? { files } : {}),
  };
}
