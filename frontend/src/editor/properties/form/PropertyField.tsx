import { useId, useState } from "react";
import { flushSync } from "react-dom";
import type {
  ActionDescription,
  Binding,
  BindingMode,
  Problem,
  PropertyDescription,
  ScopeVariable,
} from "../../../api/types";
import { joinClasses } from "../../../ui/classes";
import { RequiredDot } from "../../../ui/controls/Field";
import text from "../../../ui/text.module.css";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import { describeNeed } from "../../../graph/judged-problems";
import { findSuggestedPath } from "../../../graph/suggestions";
import { Control } from "./Control";
import { keepsOtherValue } from "./property-draft";
import { ExpandButton } from "./ExpandButton";
import type { ControlNaming, ControlProps, ModeShortcuts } from "./control-props";
import { widgets } from "../widgets";
import { OpenResourceLink } from "../controls/OpenResourceLink";
import { LastValueLine } from "./LastValueLine";
import { getLocalError } from "./local-error";
import { ModeMenu, ModeSwitch } from "./ModeSwitch";
import { ProblemNotes, RefusalNote } from "./ProblemNotes";
import styles from "./PropertyField.module.css";
import { useFieldVisit } from "./useFieldVisit";
import { type PropertyDraftHandle, usePropertyDraft } from "./usePropertyDraft";

interface PropertyFieldProps {
  node: string;
  action: ActionDescription;
  property: PropertyDescription;
  /** All properties of the node. */
  properties: Record<string, Binding>;
  scope: ScopeVariable[];
  /** Only the problems of this property. */
  problems: Problem[];
  /** It needs a value, which is not told as a problem yet. */
  isLacking?: boolean;
  lastOutputs: Record<string, unknown>;
  readOnly: boolean;
  onChange: (value: Binding | undefined) => void;
}

/** One field of the form: the label, the value, its mode, and under them why the value is refused. */
export function PropertyField(props: PropertyFieldProps) {
  const { property, problems, scope, readOnly, properties } = props;
  const id = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const field = usePropertyDraft({
    id: `${props.node} ${property.name}`,
    property,
    binding: properties[property.name],
    onChange: props.onChange,
  });
  const { focused, toldError, enter, leave } = useFieldVisit({
    node: props.node,
    property: property.name,
    error: getLocalError(property, field.draft),
  });
  const naming: ControlNaming = {
    id: `${id}-control`,
    labelledBy: `${id}-label`,
    describedBy: `${id}-what ${id}-said`,
    isInvalid: toldError !== null || problems.some(({ severity }) => severity === "error"),
  };
  const suggested = readOnly ? null : findSuggestedPath(property, scope);
  const toSuggested = () => {
    if (suggested === null) return false;
    // The field of the variable takes the place of the one that had the focus, before another key is pressed.
    flushSync(() => {
      setCaret(null);
      field.setVariable(suggested);
    });
    document.getElementById(naming.id)?.focus();
    return true;
  };
  const control: ControlProps = {
    ...{ action: props.action, property, field, naming, scope, readOnly, caret, suggested },
    siblings: properties,
    shortcuts: { ...createShortcuts(property, field, setCaret), toSuggested },
  };
  const layout = {
    naming,
    control,
    onMode: (mode: BindingMode, here: boolean) => {
      setCaret(here ? 0 : null);
      field.setMode(mode);
    },
  };
  return (
    <div className={styles.field} onFocus={enter} onBlur={leave}>
      {isLabelAbove(property, field) ? <FieldAbove {...layout} /> : <FieldBeside {...layout} />}
      <p id={`${id}-what`} className={text.hidden}>
        {property.description}
      </p>
      <div id={`${id}-said`}>
        {toldError ? <RefusalNote>{toldError}</RefusalNote> : null}
        {props.isLacking ? <p className={styles.help}>{describeLack(property)}</p> : null}
        <ProblemNotes problems={problems} scope={scope} onReplace={createReplace(field, readOnly)} />
        {keepsOtherValue(field.draft) ? (
          <p className={styles.help}>Nothing is changed until a value is given here.</p>
        ) : null}
        {focused ? <LastValueLine draft={field.draft} scope={scope} lastOutputs={props.lastOutputs} /> : null}
      </div>
    </div>
  );
}

/** "Needs a connection." */
function describeLack(property: PropertyDescription): string {
  const need = describeNeed(property);
  return `${need.charAt(0).toUpperCase()}${need.slice(1)}.`;
}

interface LayoutProps {
  naming: ControlNaming;
  control: ControlProps;
  /** `here` when the focus goes to the control and not to the mode switch. */
  onMode: (mode: BindingMode, here: boolean) => void;
}

/** Puts the label above the control, with all modes beside it, for controls that need the whole width. */
function FieldAbove({ naming, control, onMode }: LayoutProps) {
  const { property, field, readOnly } = control;
  const { largeEditor } = widgets[property.widget];
  const canGrow = largeEditor === "always" || (largeEditor === "texts" && field.draft.mode !== "variable");
  return (
    <>
      <div className={styles.head}>
        <Label property={property} value={field.draft.literal} naming={naming} />
        <span className={text.grow} />
        {canGrow ? <ExpandButton control={control} /> : null}
        {property.modes.length > 1 ? (
          <ModeSwitch
            title={property.title}
            modes={property.modes}
            mode={field.draft.mode}
            readOnly={readOnly}
            onChange={(mode, pressed) => onMode(mode, pressed && mode === "variable")}
          />
        ) : null}
      </div>
      <Control {...control} />
    </>
  );
}

/** Puts the label beside a control of one line, with the modes in a menu. */
function FieldBeside({ naming, control, onMode }: LayoutProps) {
  const { property, field, readOnly } = control;
  const hasModes = property.modes.length > 1;
  const isToggle = widgets[property.widget].isToggle && field.draft.mode === "literal";
  return (
    <div className={joinClasses(styles.line, isToggle && styles.toggle)}>
      <Label property={property} value={field.draft.literal} naming={naming} />
      <div className={joinClasses(styles.control, hasModes && styles.moded)}>
        <Control {...control} />
        {hasModes ? (
          <span className={styles.mode}>
            <ModeMenu
              title={property.title}
              modes={property.modes}
              mode={field.draft.mode}
              readOnly={readOnly}
              onChange={(mode) => onMode(mode, mode !== "literal")}
            />
          </span>
        ) : null}
      </div>
    </div>
  );
}

interface LabelProps {
  property: PropertyDescription;
  value: Binding | undefined;
  naming: ControlNaming;
}

function Label({ property, value, naming }: LabelProps) {
  const { findResource } = widgets[property.widget];
  return (
    <span className={styles.label}>
      <Tooltip text={property.description} side="left">
        <label id={naming.labelledBy} htmlFor={naming.id}>
          {property.title}
        </label>
      </Tooltip>
      {property.required ? <RequiredDot /> : null}
      {findResource ? <OpenResourceLink findResource={findResource} value={value} /> : null}
    </span>
  );
}

function isLabelAbove({ widget }: PropertyDescription, { draft }: PropertyDraftHandle): boolean {
  const { labelAbove } = widgets[widget];
  return labelAbove === "always" || labelAbove === draft.mode || draft.mode === "template";
}

function createShortcuts(
  property: PropertyDescription,
  field: PropertyDraftHandle,
  setCaret: (caret: number) => void,
): Omit<ModeShortcuts, "toSuggested"> {
  return {
    toVariable: () => {
      if (!property.modes.includes("variable")) return false;
      setCaret(0);
      field.setMode("variable");
      return true;
    },
    toTemplate: (typed, caret) => {
      if (!property.modes.includes("template")) return false;
      setCaret(caret);
      field.setTemplate(typed);
      return true;
    },
  };
}

/** Replaces an unknown variable with a known one, in a variable and in a template. */
function createReplace(field: PropertyDraftHandle, readOnly: boolean) {
  if (readOnly) return undefined;
  return (unknown: string, known: string) => {
    const swap = (source: string) => source.replace(new RegExp(`\\b${unknown}\\b`, "g"), known);
    const { mode, variable, template } = field.draft;
    if (mode === "variable") field.setVariable(swap(variable ?? ""));
    if (mode === "template") field.setTemplate(swap(template ?? ""));
  };
}
