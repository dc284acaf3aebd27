// What is read here, by the shapes that the server describes.

export type { MessageShape as Message, ThreadShape as Thread } from '@chartwire/client/internal/contract/messages';
