// One thing that somebody does at the door.

import type { Scene } from './scene.ts';

export interface Step {
  readonly name: string;
  run(scene: Scene): Promise<void>;
}
