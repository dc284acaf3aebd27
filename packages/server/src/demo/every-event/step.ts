// One action through the API.

import type { Scene } from './scene.ts';

export interface Step {
  readonly name: string;
  run(scene: Scene): Promise<void>;
}
