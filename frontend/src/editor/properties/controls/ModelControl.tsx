import { useState } from "react";
import { useModels } from "../../../api/connections";
import { words } from "../../../api/refusals";
import type { ModelDescription } from "../../../api/types";
import { IconButton } from "../../../ui/controls/Button";
import { formatNumber } from "../../../ui/format";
import { Tag } from "../../../ui/feedback/Tag";
import { textOf } from "../form/draft";
import type { ControlProps } from "../form/field";
import { ComboBox, type Entry } from "../picker/ComboBox";
import { placeholderOf } from "./TextControl";

interface ModelControlProps extends ControlProps {
  /** Id of the chosen connection. */
  connection: string | null;
}

/** A model's id: free text, with the models that the chosen connection offers. */
export function ModelControl({
  connection,
  property,
  field,
  naming,
  readOnly,
  shortcuts,
}: ModelControlProps) {
  const models = useModels(connection);
  const [open, setOpen] = useState(false);
  const [typing, setTyping] = useState(false);
  const text = textOf(field.draft.literal);
  const fitting = (models.data ?? []).filter((model) => !typing || holds(model, text));
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
      invalid={naming.invalid}
      required={property.required}
      readOnly={readOnly}
      placeholder={placeholderOf(property)}
      text={text}
      onType={(next) => {
        setTyping(true);
        setOpen(true);
        field.setLiteral(next);
      }}
      onKey={(key) => key === "=" && text === "" && shortcuts.toVariable()}
      entries={fitting.map(entryOf)}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setTyping(false);
      }}
      onChoose={choose}
      onEnter={() => setOpen(false)}
      note={noteFor(connection, models, fitting.length)}
      end={
        readOnly ? null : (
          <IconButton
            icon="down"
            label="Show the models"
            tabIndex={-1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              document.getElementById(naming.id)?.focus();
              setTyping(false);
              setOpen(!open);
            }}
          />
        )
      }
    />
  );
}

function entryOf({
  id,
  display_name,
  lifecycle,
  max_tokens,
  temperature,
  temperature_note,
}: ModelDescription): Entry {
  const facts = [
    display_name === id ? null : display_name,
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

function holds({ id, display_name }: ModelDescription, text: string): boolean {
  return `${id} ${display_name}`.toLowerCase().includes(text.trim().toLowerCase());
}

function noteFor(
  connection: string | null,
  models: ReturnType<typeof useModels>,
  shown: number,
): string | null {
  if (!connection) return "Choose a connection to see its models. Any id can be typed.";
  if (models.isPending) return "The models are on their way.";
  if (models.error) return `${words(models.error)} Any id can be typed.`;
  return shown === 0 ? "No model of this connection has such an id. It can be used all the same." : null;
}
