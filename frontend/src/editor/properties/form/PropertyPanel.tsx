import { type ReactNode, useEffect, useState } from "react";
import type { ActionDescription, GraphNode } from "../../../api/types";
import { ActionIcon } from "../../canvas/card/ActionIcon";
import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import text from "../../../ui/text.module.css";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import type { PropertyDraft } from "./property-draft";
import { ProblemNotes } from "./ProblemNotes";
import { watchPointer } from "./after-click";
import { PropertyForm, type PropertyFormProps } from "./PropertyForm";
import styles from "./PropertyPanel.module.css";
import { DraftsContext } from "./usePropertyDraft";

export interface PropertyPanelProps extends PropertyFormProps {
  /** The width in px; without it the panel fills its place. */
  width?: number;
  /** Buttons at the right end of the head, such as a menu. */
  actions?: ReactNode;
}

/** The form of one node, made from the property table of its action. */
export function PropertyPanel(props: PropertyPanelProps) {
  const { node, action, scope, problems, width } = props;
  const [drafts] = useState(() => new Map<string, PropertyDraft>());
  useEffect(watchPointer, []);
  const elsewhere = problems.filter(
    ({ property }) => !action.properties.some(({ name }) => name === property),
  );
  return (
    <aside className={styles.panel} style={width ? { width } : undefined} aria-label="Properties">
      <PanelHead node={node} action={action}>
        {props.actions}
      </PanelHead>
      <div className={styles.fields}>
        {elsewhere.length ? (
          <div className={styles.problems}>
            <ProblemNotes problems={elsewhere} scope={scope} />
          </div>
        ) : null}
        <DraftsContext value={drafts}>
          <PropertyForm key={node.id} {...props} />
        </DraftsContext>
      </div>
    </aside>
  );
}

interface PanelHeadProps {
  node: GraphNode;
  action: ActionDescription;
  children: ReactNode;
}

function PanelHead({ node, action, children }: PanelHeadProps) {
  const { title } = node.properties;
  const name = typeof title === "string" && title ? title : action.title;
  return (
    <header className={styles.head}>
      <ActionIcon action={action} className={styles.tile} />
      <Tooltip text={name === action.title ? action.summary : `${action.title}. ${action.summary}`}>
        <h2 className={joinClasses(styles.title, text.clip)}>{name}</h2>
      </Tooltip>
      <span className={text.grow} />
      <Tooltip text={`Documentation of ${action.title}`}>
        <a
          className={styles.help}
          href={action.docs_url}
          target="_blank"
          rel="noreferrer"
          aria-label={`Documentation of ${action.title}`}
        >
          <Icon name="book" />
        </a>
      </Tooltip>
      {children}
    </header>
  );
}
