import { LinkButton } from "../ui/controls/Button";
import { EmptyState } from "../ui/feedback/EmptyState";
import { usePageTitle } from "../ui/usePageTitle";

export function NotFoundPage() {
  usePageTitle("Not found");
  return (
    <main>
      <EmptyState
        title="There is no such page"
        actions={
          <LinkButton to="/flows" size="l">
            All flows
          </LinkButton>
        }
      >
        The address leads nowhere. What it named may be deleted, or belong to another workspace.
      </EmptyState>
    </main>
  );
}
