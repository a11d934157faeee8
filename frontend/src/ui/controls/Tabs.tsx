import { Tabs as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { joinClasses } from "../classes";
import styles from "./Tabs.module.css";

export interface Tab<Value extends string> {
  value: Value;
  title: ReactNode;
  /** A figure after the title. */
  count?: number;
}

interface TabsProps<Value extends string> {
  label: string;
  tabs: readonly Tab<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  /** Beside the tabs, at the right end. */
  end?: ReactNode;
  className?: string;
  listClassName?: string;
  children: ReactNode;
}

/** A row of tabs and, as children, one `TabPanel` for each. */
export function Tabs<Value extends string>(props: TabsProps<Value>) {
  const { label, tabs, value, onChange, end, className, listClassName, children } = props;
  return (
    <Primitive.Root className={className} value={value} onValueChange={(next) => onChange(next as Value)}>
      <div className={joinClasses(styles.row, listClassName)}>
        <Primitive.List className={styles.list} aria-label={label}>
          {tabs.map((tab) => (
            <Primitive.Trigger key={tab.value} value={tab.value} className={styles.tab}>
              {tab.title}
              {tab.count === undefined ? null : <Count value={tab.count} />}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
        {end}
      </div>
      {children}
    </Primitive.Root>
  );
}

interface TabPanelProps {
  value: string;
  /** The panel stays mounted while another one is shown; its class hides it. */
  keep?: boolean;
  className?: string;
  children: ReactNode;
}

export function TabPanel({ value, keep, className, children }: TabPanelProps) {
  return (
    <Primitive.Content
      value={value}
      forceMount={keep || undefined}
      className={joinClasses(styles.panel, className)}
    >
      {children}
    </Primitive.Content>
  );
}

/** A figure in a pill. */
export function Count({ value }: { value: number }) {
  return <span className={styles.count}>{value.toLocaleString("en")}</span>;
}
