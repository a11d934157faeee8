import { SignInForm } from "../pages/sign-in/SignInForm";
import { Dialog, DialogBody } from "../ui/overlays/Dialog";

/** Signs in over the page that is open, so that nothing on it is lost. It closes when the person is signed in. */
export function SignInDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Sign in again"
      description="Your session has ended; the page below stays as it is. A one-time link, opened in another tab, signs in too."
    >
      <DialogBody>
        <SignInForm />
      </DialogBody>
    </Dialog>
  );
}
