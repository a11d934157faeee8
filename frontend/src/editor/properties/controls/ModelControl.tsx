import { useState } from "react";
import { useModels } from "../../../api/connections";
import { describeError } from "../../../api/refusals";
import type { ModelDescription } from "../../../api/types";
import { formatNumber } from "../../../ui/format";
import { Tag } from "../../../ui/feedback/Tag";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { isAccept } from "../picker/accept-key";
import { ComboBox, type Entry } from "../picker/ComboBox";
import { OpenListButton } from "../picker/OpenListButton";
import { getPlaceholder } from "./TextControl";

/** The id of a model: any text, with the models of the chosen connection as proposals. */
export function ModelControl(props: ControlProps) {
  const { property, field, naming, readOnly, shortcuts } = props;
  const connection = findConnection(props);
  const models = useModels(connection);
  const [open, setOpen] = useState(false);
  const [typing, setTyping] = useState(false);
  const text = formatLiteral(field.draft.literal);
  const fitting = (models.data ?? []).filter((model) => !typing || matchesModel(model, text));
  // The grey id is only an example where the connection has no such model.
  const suggested = models.data?.some(({ id }) => id === property.placeholder) ? property.placeholder : null;
  const choose = (index: number) => {
    const model = fitting[index];
    if (model) field.setLiteral(model.id);
    setOpen(false);
  };
  return (
    <ComboBox
      id={naming.id}
      labelledBy={naming.labelledBy}
      describedBy={naming.describedBy}
      invalid={naming.isInvalid}
      required={property.required}
      readOnly={readOnly}
      placeholder={getPlaceholder(property)}
      text={text}
      onType={(next) => {
        setTyping(true);
        setOpen(true);
        field.setLiteral(next);
      }}
      onKey={(event) => {
        if (event.key === "=" && text === "") return shortcuts.toVariable();
        const accepts = isAccept(event, text) && suggested !== null;
        if (accepts) choose(fitting.findIndex(({ id }) => id === suggested));
        return accepts;
      }}
      entries={fitting.map(createEntry)}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setTyping(false);
      }}
      onChoose={choose}
      onEnter={() => setOpen(false)}
      note={describeList(connection, models, fitting.length)}
      end={
        readOnly ? null : (
          <OpenListButton
            label="Show the models"
            box={naming.id}
            onToggle={() => {
              setTyping(false);
              setOpen(!open);
            }}
          />
        )
      }
    />
  );
}

/** The id of the connection that the node uses. */
function findConnection({ action, siblings }: ControlProps): string | null {
  const property = action.properties.find(({ connection_kind: kind }) => kind !== null);
  const id = property ? siblings[property.name] : undefined;
  return typeof id === "string" && id !== "" ? id : null;
}

function createEntry({
  id,
  display_name,
  lifecycle,
  max_tokens,
  temperature,
  temperature_note,
}: ModelDescription): Entry {
  const facts = [
    isSameName(display_name, id) ? null : display_name,
    max_tokens ? `${formatNumber(max_tokens)} tokens` : null,
    temperature ? null : (temperature_note ?? "no temperature"),
  ];
  return {
    key: id,
    label: id,
    end: lifecycle === "active" ? null : <Tag tone="warning">{lifecycle}</Tag>,
    hint: facts.filter(Boolean).join(" · "),
  };
}

/** Whether the name only writes the id with other marks, such as `Claude Fable 5.2` for `claude-fable-5-2`. */
function isSameName(name: string, id: string): boolean {
  const spell = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return spell(name) === spell(id);
}

function matchesModel({ id, display_name }: ModelDescription, text: string): boolean {
  return `${id} ${display_name}`.toLowerCase().includes(text.trim().toLowerCase());
}

function describeList(
  connection: string | null,
  models: ReturnType<typeof useModels>,
  shown: number,
): string | null {
  if (!connection) return "Choose a connection to see its models. Any id can be typed.";
  if (models.isPending) return "Loading the models.";
  if (models.error) return `${describeError(models.error)} Any id can be typed.`;
  return shown === 0 ? "No model of this connection has such an id. It can be used all the same." : null;
}
