import type { ActionDescription, Binding, PropertyDescription, ScopeVariable } from "../../../api/types";
import type { PropertyDraftHandle } from "./usePropertyDraft";

/** The names and descriptions of a control for screen readers. */
export interface ControlNaming {
  /** The id of the control that the label belongs to. */
  id: string;
  labelledBy: string;
  describedBy: string | undefined;
  isInvalid: boolean;
}

/** The props of every control of a property. */
export interface ControlProps {
  action: ActionDescription;
  property: PropertyDescription;
  field: PropertyDraftHandle;
  naming: ControlNaming;
  scope: ScopeVariable[];
  readOnly: boolean;
  /** All properties of the node, for controls that depend on another property. */
  siblings: Record<string, Binding>;
  /** Changes the mode by typing: `=` in an empty field, `{{` in a literal. */
  shortcuts: ModeShortcuts;
  /** Where the caret starts after typing changed the mode; null leaves the focus where it is. */
  caret: number | null;
  /** The path that the empty field shows in grey; null for none. */
  suggested: string | null;
  /** The control stands in a dialog of its own. */
  large?: boolean;
}

export interface ModeShortcuts {
  /** Changes to the variable mode; returns false when the property takes none. */
  toVariable: () => boolean;
  /** Takes the variable that the empty field shows in grey; returns false when it shows none. */
  toSuggested: () => boolean;
  /** Changes to the template mode with this text and caret; returns false when the property takes none. */
  toTemplate: (text: string, caret: number) => boolean;
}
