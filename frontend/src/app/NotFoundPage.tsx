import { LinkButton } from "../ui/controls/Button";
import { EmptyState } from "../ui/feedback/EmptyState";
import { usePageTitle } from "../ui/usePageTitle";

export function NotFoundPage() {
  usePageTitle("Not found");
  return (
    <main>
      <EmptyState
        title="There is no such page"
        level={1}
        actions={
          <LinkButton to="/flows" size="l">
            All flows
          </LinkButton>
        }
      >
        No page has this address. The resource may be deleted, or it belongs to another workspace.
      </EmptyState>
    </main>
  );
}
