import type { ActionDescription, Binding, PropertyDescription, ScopeVariable } from "../../../api/types";
import type { PropertyDraftHandle } from "./usePropertyDraft";

/** What names and describes a control to a screen reader. */
export interface ControlNaming {
  /** Of the control that the label leads to. */
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
  /** The other properties of the node, for controls that depend on one. */
  siblings: Record<string, Binding>;
  /** What asks for another mode by typing: `=` in an empty field, `{{` in a literal. */
  shortcuts: ModeShortcuts;
  /** Where the caret is at once, after the person changed the mode by typing; null leaves the focus where it is. */
  caret: number | null;
  /** The control stands in a dialog of its own. */
  large?: boolean;
}

export interface ModeShortcuts {
  /** Go to the variable; false when the property takes none. */
  toVariable: () => boolean;
  /** Go to the template with this text and the caret there; false when the property takes none. */
  toTemplate: (text: string, caret: number) => boolean;
}
