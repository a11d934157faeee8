import { useCollections } from "../../../api/collections";
import type { ControlProps } from "../form/field";
import { NamedControl } from "./NamedControl";

/** One of the workspace's collections. The graph keeps its name, so that a flow can be taken elsewhere. */
export function CollectionControl(props: ControlProps) {
  const { data } = useCollections();
  return (
    <NamedControl
      {...props}
      choices={data?.map(({ name }) => ({ value: name, title: name }))}
      unset="Choose a collection"
      none="No collection yet"
      unknown={(name) => `${name} (not here)`}
    />
  );
}
