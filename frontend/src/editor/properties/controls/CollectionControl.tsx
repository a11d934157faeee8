import { useCollections } from "../../../api/collections";
import type { ControlProps } from "../form/control-props";
import { ResourceSelect } from "./ResourceSelect";

/** Chooses a collection of the workspace. The graph keeps the id, so that the collection can be renamed. */
export function CollectionControl(props: ControlProps) {
  const { data } = useCollections();
  return (
    <ResourceSelect
      {...props}
      choices={data?.map(({ id, name }) => ({ value: id, title: name }))}
      unset="Choose a collection"
      none="No collection yet"
      unknown={() => "A collection that does not exist"}
    />
  );
}
