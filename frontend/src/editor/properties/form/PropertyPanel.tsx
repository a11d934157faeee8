import { type ReactNode, useEffect, useState } from "react";
import { withBasePath } from "../../../api/server-address";
import type { ActionDescription, GraphNode } from "../../../api/types";
import { ActionIcon } from "../../canvas/card/ActionIcon";
import { joinClasses } from "../../../ui/classes";
import { type Tab, TabPanel, Tabs } from "../../../ui/controls/Tabs";
import { LastRunTab } from "../values/LastRunTab";
import { OutputsTab } from "../values/OutputsTab";
import { Icon } from "../../../ui/icons/Icon";
import text from "../../../ui/text.module.css";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import { CallFlow } from "../call/CallFlow";
import type { PropertyDraft } from "./property-draft";
import { ProblemNotes } from "./ProblemNotes";
import { watchPointer } from "./after-click";
import { PropertyForm, type PropertyFormProps } from "./PropertyForm";
import styles from "./PropertyPanel.module.css";
import { DraftsContext } from "./usePropertyDraft";

export type PanelTab = "properties" | "last-run" | "outputs";

export interface PropertyPanelProps extends PropertyFormProps {
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  /** The pass of the node that *Last run* shows first; null: the last one. */
  firstPass?: number | null;
  /** The width in px; without it the panel fills its place. */
  width?: number;
  /** Buttons at the right end of the head, such as a menu. */
  actions?: ReactNode;
}

const tabs = [
  { value: "properties", title: "Properties" },
  { value: "last-run", title: "Last run" },
  { value: "outputs", title: "Outputs" },
] as const satisfies readonly Tab<PanelTab>[];

/** One node: its form, made from the property table of its action; what it received and gave; what it sets. */
export function PropertyPanel(props: PropertyPanelProps) {
  const { node, action, width, tab, onTab, firstPass = null } = props;
  const [drafts] = useState(() => new Map<string, PropertyDraft>());
  useEffect(watchPointer, []);
  return (
    <aside className={styles.panel} style={width ? { width } : undefined} aria-label="Properties">
      <PanelHead node={node} action={action}>
        {props.actions}
      </PanelHead>
      <Tabs
        label="Views of the node"
        tabs={tabs}
        value={tab}
        onChange={onTab}
        className={styles.tabs}
        listClassName={styles.tabRow}
      >
        <TabPanel value="properties" className={styles.fields}>
          <DraftsContext value={drafts}>
            <div data-graph-text="">
              <Form {...props} />
            </div>
          </DraftsContext>
          {action.role === "trigger" ? <CallFlow node={node} action={action} /> : null}
        </TabPanel>
        <TabPanel value="last-run" className={styles.fields}>
          <LastRunTab
            key={`${node.id} ${firstPass ?? ""}`}
            node={node.id}
            action={action}
            firstPass={firstPass}
          />
        </TabPanel>
        <TabPanel value="outputs" className={styles.fields}>
          <OutputsTab key={node.id} node={node} action={action} onInserted={() => onTab("properties")} />
        </TabPanel>
      </Tabs>
    </aside>
  );
}

/** The properties, under the problems that are about none of them. */
function Form(props: PropertyFormProps) {
  const { node, action, scope, problems } = props;
  const elsewhere = problems.filter(
    ({ property }) => !action.properties.some(({ name }) => name === property),
  );
  return (
    <>
      {elsewhere.length ? (
        <div className={styles.problems}>
          <ProblemNotes problems={elsewhere} scope={scope} />
        </div>
      ) : null}
      <PropertyForm key={node.id} {...props} />
    </>
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
          href={withBasePath(action.docs_url)}
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
