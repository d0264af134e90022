/** Commands of the conversation: its own bubbles say how they fare, so nothing else has to. */
const TALK: ReadonlySet<string> = new Set([
  'say', 'send_place', 'send_media', 'ask', 'share_live', 'forward_messages',
  'recall_message', 'edit_message', 'react', 'pin_message', 'answer_question', 'stop_live',
])

export const isTalk = (command: string): boolean => TALK.has(command)
