import { useCollections } from "../../../api/collections";
import type { ControlProps } from "../form/control-props";
import { ResourceSelect } from "./ResourceSelect";

/** One of the workspace's collections. The graph keeps its name, so that a flow can be taken elsewhere. */
export function CollectionControl(props: ControlProps) {
  const { data } = useCollections();
  return (
    <ResourceSelect
      {...props}
      choices={data?.map(({ name }) => ({ value: name, title: name }))}
      unset="Choose a collection"
      none="No collection yet"
      unknown={(name) => `${name} (not here)`}
    />
  );
}
