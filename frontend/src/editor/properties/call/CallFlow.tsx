import { useState } from "react";
import { buildCallAddress, type CallFormName, callForms } from "../../../api/call-command";
import { CHAT_TRIGGER, type FlowStart, getStart } from "../../../api/flow-start";
import { useFlow } from "../../../api/flows";
import { buildNativeCall, listNativeLanguages } from "../../../api/snippets/native-calls";
import {
  buildProtocolAddress,
  buildSnippet,
  type FormName,
  isProtocol,
  listLanguages,
  type ProtocolName,
  protocols,
  takesAnyInput,
} from "../../../api/snippets/protocols";
import type { Language, ProtocolCall } from "../../../api/snippets/writing";
import type { ActionDescription, GraphNode, RunInput } from "../../../api/types";
import { getExampleInput } from "../../../graph/test-input";
import { useGraph } from "../../../graph/useGraph";
import { getPrompt } from "../../../run/format";
import { useConversation } from "../../../run/useConversation";
import { CopyButton } from "../../../ui/controls/CopyButton";
import { Select } from "../../../ui/controls/Input";
import { Notice } from "../../../ui/feedback/Notice";
import { joinClasses } from "../../../ui/classes";
import panel from "../form/PropertyPanel.module.css";
import { CallKey } from "./CallKey";
import { TryCall } from "./TryCall";
import styles from "./CallFlow.module.css";

const forms: Record<FormName, { title: string; hint: string }> = { ...callForms, ...protocols };

/** What starts the flow without a call, where that is so. */
const starts: Record<Exclude<FlowStart, "call">, string> = {
  schedule:
    "The schedule starts the published flow; nobody has to call it. A call with a key starts it, too, for now or for a time that it names.",
  feedback:
    "Visitors who rate an answer on a chat page start the published flow; nobody has to call it. A call with a key starts it, too, with feedback of its own.",
};

interface CallFlowProps {
  node: GraphNode;
  action: ActionDescription;
}

/** How a client calls the flow, beside its trigger: the address, and code that is ready to paste. */
export function CallFlow({ node, action }: CallFlowProps) {
  const flow = useGraph((graph) => graph.flow);
  const body = useCallBody(node, action);
  const [form, setForm] = useState<FormName>("events");
  const [language, setLanguage] = useState<Language>("curl");
  const [key, setKey] = useState<string | null>(null);
  const address = useAddress(flow ?? "");
  if (flow === null) return null;
  const chats = action.type === CHAT_TRIGGER;
  const start = getStart(action.type);
  const heading = start === "call" ? "Call this flow" : "Start it by a call, too";
  const call = isProtocol(form)
    ? describeProtocolCall(form, language, {
        flow: address,
        prompt: getPrompt(body) || "Hello",
        input: body,
        key,
      })
    : describeNativeCall(form, language, { flow: address, body, key });
  return (
    <section className={panel.section} aria-label={heading}>
      <h3 className={panel.heading}>{heading}</h3>
      <div className={styles.call}>
        {start === "call" ? null : <p className={styles.help}>{starts[start]}</p>}
        <Select
          aria-label="What the caller receives"
          choices={listChoices(chats)}
          value={form}
          onChange={setForm}
        />
        <p className={styles.help}>{forms[form].hint}</p>
        <Select
          aria-label="Language"
          choices={listChosenLanguages(form)}
          value={chooseLanguage(form, language)}
          onChange={setLanguage}
        />
        {form === "mcp" && node.properties.offer_as_tool !== true ? (
          <Notice kind="warning">
            <i>Offer as MCP Tool</i> is off, so no client finds this flow. Switch it on under <i>Callers</i>,
            and publish.
          </Notice>
        ) : null}
        <div className={styles.line}>
          <code className={styles.address} role="group" aria-label="Address">
            {isProtocol(form) ? null : <b>POST </b>}
            {call.address}
          </code>
          <CopyButton kind="quiet" text={call.address} label="Copy the address" />
        </div>
        <pre
          className={joinClasses(styles.command, call.isProgram && styles.unwrapped)}
          tabIndex={0}
          role="group"
          aria-label="Command"
        >
          {call.text}
        </pre>
        <CopyButton text={call.text} label="Copy the command" />
        <CallKey flow={flow} made={key} onMake={setKey}>
          <CalledVersion flow={flow} />
        </CallKey>
      </div>
      <TryCall flow={flow} address={address} form={form} input={body} chats={chats} made={key} />
    </section>
  );
}

function listChosenLanguages(form: FormName) {
  return isProtocol(form) ? listLanguages(form) : listNativeLanguages();
}

/** The language that was chosen; the first one of a form that does not have it. */
function chooseLanguage(form: FormName, language: Language): Language {
  const choices = listChosenLanguages(form).map(({ value }) => value);
  return choices.includes(language) ? language : (choices[0] ?? language);
}

/** Only a flow that takes a chat speaks the protocols of chats; any flow can be a tool. */
function listChoices(chats: boolean): { value: FormName; title: string }[] {
  const names = (Object.keys(forms) as FormName[]).filter(
    (name) => chats || !isProtocol(name) || takesAnyInput(name),
  );
  return names.map((value) => ({ value, title: forms[value].title }));
}

function describeProtocolCall(form: ProtocolName, language: Language, call: ProtocolCall) {
  return {
    address: buildProtocolAddress(form, call.flow),
    text: buildSnippet(form, chooseLanguage(form, language), call),
    isProgram: chooseLanguage(form, language) !== "curl",
  };
}

function describeNativeCall(
  form: CallFormName,
  language: Language,
  call: Omit<Parameters<typeof buildNativeCall>[1], "form">,
) {
  const chosen = chooseLanguage(form, language);
  return {
    address: buildCallAddress(call.flow, form),
    text: buildNativeCall(chosen, { ...call, form }),
    isProgram: chosen !== "curl",
  };
}

/** The flow's address name; its id until that is known. */
function useAddress(flow: string): string {
  return useFlow(flow).data?.address ?? flow;
}

/** Which version a key calls: that differs by the key's environment. */
function CalledVersion({ flow }: { flow: string }) {
  const published = useFlow(flow).data?.published;
  if (!published) return null;
  return published.production === null
    ? "The flow is not published, so a key for production is refused until it is; one for development runs the draft."
    : `A key for production runs version ${published.production}, one for development the draft.`;
}

/** What a caller may send; of a chat with what was asked last in the run panel. */
function useCallBody(node: GraphNode, action: ActionDescription): RunInput {
  const asked = useConversation(({ turns }) => getPrompt(turns.at(-1)?.input));
  const input = getExampleInput(new Map([[action.type, action]]), [node]);
  return asked && "prompt" in input ? { ...input, prompt: asked } : input;
}
