import { getFieldError } from "../../api/refusals";
import { Field } from "../../ui/controls/Field";
import { Input, Select, TextArea } from "../../ui/controls/Input";
import { accessChoices, accessHelp, type ChatPageDraft, colourChoices } from "./chat-page-draft";

interface ChatPageFieldsProps {
  flowName: string;
  draft: ChatPageDraft;
  /** Why the server refused the page. */
  error: Error | null;
  onChange: (part: Partial<ChatPageDraft>) => void;
}

/** The fields of a chat page. */
export function ChatPageFields({ flowName, draft, error, onChange }: ChatPageFieldsProps) {
  const isNamed = draft.access === "members" || draft.access === "public";
  return (
    <>
      <Field label="Who may use it" help={accessHelp[draft.access]} error={getFieldError(error, "access")}>
        {(control) => (
          <Select
            {...control}
            choices={accessChoices}
            value={draft.access}
            onChange={(access) => onChange({ access })}
          />
        )}
      </Field>
      {isNamed ? (
        <Field
          label="Address name"
          required
          help="The last part of the address."
          error={getFieldError(error, "name")}
        >
          {(control) => (
            <Input
              {...control}
              code
              maxLength={63}
              value={draft.name}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      <LineField
        label="Title"
        placeholder={flowName}
        max={80}
        {...{ draft, error, onChange }}
        name="title"
        help="Without one, the name of the flow."
      />
      <LineField label="Description" max={120} {...{ draft, error, onChange }} name="description" />
      <LineField label="Greeting" max={500} {...{ draft, error, onChange }} name="greeting" />
      <Field
        label="Questions to begin with"
        optional
        help="One on each line, six at most."
        error={getFieldError(error, "starters")}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            value={draft.starters}
            onChange={(event) => onChange({ starters: event.target.value })}
          />
        )}
      </Field>
      <LineField
        label="Line below the field"
        placeholder="Answers can be wrong."
        max={200}
        {...{ draft, error, onChange }}
        name="notice"
      />
      <Field label="Colour" error={getFieldError(error, "colour")}>
        {(control) => (
          <Select
            {...control}
            choices={colourChoices}
            value={draft.colour}
            onChange={(colour) => onChange({ colour })}
          />
        )}
      </Field>
    </>
  );
}

interface LineFieldProps {
  label: string;
  name: "title" | "description" | "greeting" | "notice";
  help?: string;
  placeholder?: string;
  max: number;
  draft: ChatPageDraft;
  error: Error | null;
  onChange: (part: Partial<ChatPageDraft>) => void;
}

function LineField({ label, name, help, placeholder, max, draft, error, onChange }: LineFieldProps) {
  return (
    <Field label={label} optional help={help} error={getFieldError(error, name)}>
      {(control) => (
        <Input
          {...control}
          placeholder={placeholder}
          maxLength={max}
          value={draft[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
}
