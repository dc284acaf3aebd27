// Before something that was committed is entered in error: what that does, in a word.

import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export function EnterInError({
  open,
  label,
  onClose,
  onDo,
}: {
  readonly open: boolean;
  readonly label: string;
  readonly onClose: () => void;
  readonly onDo: () => void;
}) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Enter ${label} in error?`}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="danger"
            onClick={() => {
              onClose();
              onDo();
            }}
          >
            Enter in error
          </Button>
        </>
      }
    >
      <p className="text-sm">
        What it wrote into the chart is marked as entered in error, and what it changed is put back as it was. The
        command stays in the note, struck through. This cannot be taken back.
      </p>
    </Dialog>
  );
}
