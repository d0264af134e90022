import type zh from './call.zh'

/** Calls, as far as every page says of them; the rest comes with the call itself (packages/call). */
const en: typeof zh = {
  call: 'Voice & video',
  audio: 'Voice call',
  video: 'Video call',
  with: 'Whom to call',
  audio_to: 'Voice call: {name}',
  video_to: 'Video call: {name}',
  free: 'Over the internet, free of charge; neither of you sees a number.',
  nobody: 'There is nobody to call now.',
  in_call: 'You are in a call',
  line: {
    talked: '{media} {length}',
    missed_in: 'Missed call',
    missed_out: 'No answer',
    cancelled_in: 'Missed call',
    cancelled_out: 'Cancelled',
    declined_in: 'Declined',
    declined_out: 'They declined',
    busy_in: 'Missed while busy',
    busy_out: 'They are busy',
    failed: 'Not connected',
    lost: 'Call broke off',
    with: '{name} · {media}',
  },
  masked: 'Phone (numbers hidden)',
  masked_dial: 'Dial {n}: neither of you sees the real number.',
  masked_simulated: 'A hidden number for the demo, {n}: nothing is really dialled.',
  back: 'Call back',
  again: 'Call again',
}
export default en
