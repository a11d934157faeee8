import { Toast as Primitive } from "radix-ui";
import { Button, IconButton } from "../controls/Button";
import { joinClasses } from "../classes";
import { Icon } from "../icons/Icon";
import styles from "./Toasts.module.css";
import { type Toast, useToasts } from "./toasts";

/** Shows the toasts at the bottom right, at most two. The app has one. */
export function Toasts() {
  const toasts = useToasts((store) => store.toasts);
  return (
    <Primitive.Provider label="Notice" duration={6000} swipeDirection="right">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <Primitive.Viewport className={styles.viewport} label="Notices ({hotkey})" />
    </Primitive.Provider>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const remove = useToasts((store) => store.remove);
  const failed = toast.kind === "failed";
  return (
    <Primitive.Root
      className={joinClasses(styles.toast, failed && styles.failed)}
      type={failed ? "foreground" : "background"}
      duration={failed ? Infinity : undefined}
      onOpenChange={() => remove(toast.id)}
    >
      <Icon name={failed ? "failed" : "works"} />
      <div className={styles.words}>
        <Primitive.Title className={styles.title}>{toast.title}</Primitive.Title>
        {toast.text ? (
          <Primitive.Description className={styles.text}>{toast.text}</Primitive.Description>
        ) : null}
      </div>
      {toast.action ? (
        <Primitive.Action asChild altText={toast.action.label}>
          <Button kind="quiet" className={styles.action} onClick={toast.action.act}>
            {toast.action.label}
          </Button>
        </Primitive.Action>
      ) : null}
      <Primitive.Close asChild>
        <IconButton icon="close" label="Close" />
      </Primitive.Close>
    </Primitive.Root>
  );
}
