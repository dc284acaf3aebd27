// A package before it is installed: what it is, what it asks for, and on an upgrade what it asks for more or no longer.

import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { Problem } from '@chartwire/client/internal/client/index';
import { api, previews } from '../api/client.ts';
import { useWrite } from '../api/write.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/states.tsx';
import { tell } from '../ui/toast.tsx';
import { packageName } from './package-name.ts';
import { PreviewOf } from './preview.tsx';
import type { Preview } from './shapes.ts';

export function InstallDialog({ file, onClose }: { readonly file: File; readonly onClose: () => void }) {
  const [, go] = useLocation();
  const { data: preview, error } = useQuery<Preview, Problem>({
    queryKey: ['preview', file.name, file.size, file.lastModified],
    queryFn: () => previewed(file),
    gcTime: 0,
    retry: false,
  });
  const install = useWrite(
    (server, { name }: Preview) => server.plugins.install({ params: { name }, upload: uploadOf(file) }),
    {
      shown: 'here',
      changes: [api.plugins.list.path()],
      onDone: ({ version }, { name, installed }) => {
        tell(installed === null ? `${name} ${version} is installed` : `${name} is now ${version}`);
      },
      onHere: (_, { name }) => {
        onClose();
        go(`/plugins/${name}`);
      },
    },
  );
  const problem = install.problem ?? error;
  const upgrade = preview !== undefined && preview.installed !== null;
  return (
    <Dialog
      open
      onClose={onClose}
      place="wide"
      title={preview ? `${upgrade ? 'Upgrade' : 'Install'} ${preview.name}` : file.name}
      about={
        preview &&
        (upgrade ? `${preview.installed} is installed, this is ${preview.version}` : `Version ${preview.version}`)
      }
      problem={problem}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={install.pending}
            disabled={!preview}
            onClick={() => preview && install.send(preview)}
          >
            {upgrade ? 'Upgrade' : 'Install'}
          </Button>
        </>
      }
    >
      {preview && <PreviewOf preview={preview} />}
      {!preview && !problem && <Skeleton lines={6} className="p-0" />}
    </Dialog>
  );
}

const uploadOf = (bytes: File) => ({ bytes, type: 'application/gzip' }) as const;

async function previewed(file: File): Promise<Preview> {
  const name = await packageName(file);
  if (name) return previews.plugin({ params: { name }, upload: uploadOf(file) });
  throw new Problem({
    status: 422,
    code: 'plugin.package',
    detail: `${file.name} isn’t a plugin package: it has no chartwire.json with a name.`,
    next: 'Pack the plugin’s folder with `tar czf my-plugin.tgz my-plugin`, and choose that file.',
  });
}
