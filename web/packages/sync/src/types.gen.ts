// Written by `python -m huaxin.live.typescript` from the server's own types: change those, not this.

/** WGS-84, degrees. */
export interface Point {
  lat: number;
  lon: number;
}

/** The same sentence in both languages. */
export interface BilingualText {
  zh: string;
  en: string;
}

/** A line of a bouquet's recipe: 红玫瑰 × 11. */
export interface Stem {
  name: string;
  count: number;
  name_en: string;
}

export interface Line {
  product: string;
  name: string;
  name_en: string;
  price: number;
  quantity: number;
  picture: string;
  size: number;
  tall: boolean;
  fragile: boolean;
  variant: string;
  recipe: Stem[];
}

/** A person as the order knows them. `person` is empty for somebody without an account. */
export interface Party {
  person: string;
  name: string;
  phone: string;
}

export interface Card {
  text: string;
  signature: string;
  anonymous: boolean;
}

export interface Address {
  text: string;
  point: Point;
  detail: string;
  note: string;
  gate: Point | null;
}

/** What was promised: between start and end; start 0 means "by end". */
export interface OrderPromise {
  end: number;
  start: number;
  source: string;
}

export interface Courier {
  person: string;
  name: string;
  phone: string;
}

/** Who has the flowers on their bike and is to hand them over, at `point` (None: nobody knows where). */
export interface Holder {
  person: string;
  name: string;
  phone: string;
  point: Point | null;
}

/** What was proposed instead of a change, for the buyer to say yes or no to. */
export interface Counter {
  role: string;
  at: number;
  promise: OrderPromise | null;
  fee: number | null;
  note: string;
}

/** A wish of the buyer to move the delivery in time or place, to write or order something else, or to cancel (orders/change_rules.py says who must agree). */
export interface Change {
  id: string;
  asked_by: string;
  asked_at: number;
  promise: OrderPromise | null;
  address: Address | null;
  recipient: Party | null;
  card: Card | null;
  lines: Line[] | null;
  cancel: boolean;
  status: string;
  answered_by: string;
  reason: string;
  needs: string[];
  agreed: string[];
  expires_at: number;
  fee: number;
  zone: string | null;
  counter: Counter | null;
}

/** The same incident, said by somebody else. */
export interface Joined {
  role: string;
  reporter: string;
  at: number;
  reason: Reason;
  note: string;
  picture: string;
}

/** Why something went wrong (FIELD: reason codes in real use). */
export type Reason = "vehicle_breakdown" | "heavy_traffic" | "flowers_damaged" | "courier_unavailable" | "out_of_stock" | "cannot_reach" | "cannot_find" | "no_access" | "recipient_absent" | "refused" | "wrong_number" | "weather" | "accident" | "shop_slow" | "route_closed" | "hand_over" | "no_answer" | "phone_off" | "disconnected" | "no_such_number" | "no_parking" | "address_change" | "out_of_area" | "wants_later" | "packing" | "wrong_item" | "missing_item" | "lost" | "shop_closed" | "shop_unreachable" | "shop_position" | "proof_missing" | "other";

/** One decision of a playbook. `role` system: the time was over. */
export interface Decided {
  stage: string;
  choice: string;
  role: string;
  at: number;
  note: string;
}

export interface Incident {
  id: string;
  reason: Reason;
  at: number;
  reporter: string;
  role: string;
  note: string;
  delay_minutes: number;
  picture: string;
  status: string;
  resolution: string;
  playbook: string;
  stage: string;
  decides: string;
  choices: string[];
  until: number;
  default: string;
  decided: Decided[];
  offer: string;
  percent: number;
  minutes: number;
  refund: number;
  joined: Joined[];
  outcome: string;
  closed_at: number;
}

/** One try to hand the flowers over that did not succeed. */
export interface Attempt {
  at: number;
  reason: string;
  courier: string;
  after: string;
}

export interface Rating {
  stars: number;
  at: number;
  tags: string[];
  text: string;
  picture: string;
  answer: string;
  answered_at: number;
}

/** Other flowers than ordered: proposed, answered, kept. `before` and `after` are all lines of the order, so that it stays known what was sold, made of what, and at which price. */
export interface Substitution {
  id: string;
  at: number;
  by: string;
  stem: string;
  stem_en: string;
  name: string;
  name_en: string;
  picture: string;
  words: string;
  before: Line[];
  after: Line[];
  difference: number;
  until: number;
  otherwise: string;
  status: string;
  overdue: boolean;
  decide_by: number;
  default: string;
  answered_by: string;
  answered_at: number;
}

/** `by` hears nothing of what `role` says, as long as `person` is who holds it ("": whoever). */
export interface Block {
  by: string;
  role: string;
  person: string;
}

/** A message somebody asks the shop to look at. */
export interface Report {
  seq: number;
  by: string;
  at: number;
  person: string;
  name: string;
  reason: string;
  status: string;
  answer: string;
}

/** Something the watchdog saw (tracking/watchdog.py). Of one kind an order has one, the newest; what is over stays with `closed_at`, so that it is not said twice. */
export interface Alert {
  kind: string;
  at: number;
  since: number;
  level: string;
  text: BilingualText;
  asks: boolean;
  told_at: number;
  remedy: string;
  remedy_courier: string;
  remedy_text: BilingualText | null;
  answer: string;
  closed_at: number;
}

export interface PartyView {
  person?: string;
  name?: string;
  phone?: string;
}

export interface HolderView {
  person?: string;
  name?: string;
  phone?: string;
  point?: Point | null;
}

/** Present only for the one who may take the tap back. */
export interface UndoView {
  by: string;
  command: string;
  until: number;
}

/** What lies over a message: show the message through it. Times are ms since 1970, absent: not. */
export interface Overlay {
  recalled_at?: number;
  text?: string;
  edited_at?: number;
  reactions?: Record<string, Reactor[]>;
  pinned?: Pin | null;
  answer?: QuestionAnswer | null;
  closed_at?: number;
}

/** Who did it. Without person and name for a recipient who must not know the buyer. */
export interface Reactor {
  person: string;
  role: string;
  name: string;
}

export interface Pin {
  person: string;
  role: string;
  name: string;
  at: number;
}

export interface QuestionAnswer {
  person: string;
  role: string;
  name: string;
  option: number;
  at: number;
}

/** An order as one role sees it. A field that role may not see is absent. A delta has the same fields: those that changed, null where one became empty. Only `overlays` comes by entry: a delta's entries are laid over those one has, a null entry takes one away, null instead of the whole empties it. */
export interface OrderView {
  id: string;
  shop: string;
  number: number;
  status: Status;
  placed_at: number;
  promise: OrderPromise;
  buyer?: PartyView | null;
  recipient?: PartyView | null;
  lines?: Line[];
  total?: number | null;
  fee?: number;
  payment?: Payment | null;
  zone?: string;
  address?: Address | null;
  card?: Card | null;
  note?: string;
  surprise?: boolean;
  courier?: PartyView | null;
  held_by?: HolderView | null;
  times?: Record<string, number>;
  eta_at?: number;
  agreed_at?: number;
  change?: Change | null;
  incidents?: Incident[];
  slipping?: boolean;
  proof?: Proof | null;
  rating?: Rating | null;
  reason?: string;
  privacy_closed?: boolean;
  undo?: UndoView | null;
  overlays?: Record<string, Overlay>;
  blocks?: Block[];
  reports?: Report[];
  talk_expired?: number;
  stop_confirmed_at?: number;
  alerts?: Alert[];
  when_out?: string;
  substitutions?: Substitution[];
  refunded?: number;
  refunds?: Refund[];
  contact?: Contact | null;
  gate_help?: GateHelp | null;
  preference?: Preference | null;
  thanks?: Thanks | null;
  complaint?: Complaint | null;
  vouchers?: Voucher[];
  voucher?: Spent | null;
  remake_of?: string;
  attempts?: Attempt[];
  bouquet?: Bouquet | null;
  receipt_code?: string;
  missed_calls?: MissedCall[];
  calls?: CallView[];
}

export type Status = "placed" | "confirmed" | "making" | "ready" | "assigned" | "picked_up" | "delivering" | "arriving" | "arrived" | "delivered" | "rated" | "cancelled" | "failed" | "returning" | "returned";

/** What was paid, in fen: unpaid with nothing, in part below what the order costs, given back by `refunded`. It says nothing of how far the flowers are, nor do they of it. */
export interface Payment {
  method: string;
  paid: number;
  refunded: number;
  reference: string;
  at: number;
  due: number;
  owed: number;
}

/** How the flowers were handed over. `at` by the server's clock, `device_at` by the phone's. */
export interface Proof {
  at: number;
  device_at: number;
  point: Point | null;
  picture: string;
  received_by: string;
  left_with: string;
  signature: string;
  code: boolean;
  accuracy_m: number;
  distance_m: number;
  far: boolean;
}

/** Why an order costs less than it did, and how much of that went back to whoever paid. */
export interface Refund {
  id: string;
  source: string;
  at: number;
  amount: number;
  reason: string;
  lowers: boolean;
  back: number;
  back_at: number;
}

/** When the recipient may be reached before the flowers are there: `free` at any time, `door` from the door on, `after` from a time on, `never` not at all; "": nobody has said so (orders of before). `anonymous`: nobody says who sent the flowers. */
export interface Contact {
  policy: "after" | "door" | "free" | "never" | "";
  after: number;
  opened_at: number;
  anonymous: boolean;
}

/** How to get in, in the recipient's words. */
export interface GateHelp {
  at: number;
  code: string;
  floor: string;
  text: string;
  point: Point | null;
}

/** When the recipient would like to have it. Buyer or shop decide; on the road the courier may, too. */
export interface Preference {
  id: string;
  at: number;
  window: TimeWindow | null;
  text: string;
  status: string;
  answered_by: string;
  reason: string;
}

/** A time one would like; start 0 means "by end". */
export interface TimeWindow {
  end: number;
  start: number;
}

/** What the recipient says to whoever sent the flowers. */
export interface Thanks {
  at: number;
  text: string;
  picture: string;
}

/** One at a time; a settled one stays until another is made. Offers are in the order they were made. */
export interface Complaint {
  id: string;
  at: number;
  by: string;
  fault: "damaged" | "different" | "late" | "manner" | "missing" | "other" | "wilted" | "wrong_place";
  text: string;
  pictures: string[];
  status: string;
  remedies: Remedy[];
  closed_at: number;
  remake: string;
}

/** One offer. `amount`: of a refund or a voucher. Of a voucher also for how many `days` it is good; agreed: its `code`, and `until` when. */
export interface Remedy {
  id: string;
  kind: "refund" | "remake" | "voucher";
  by: string;
  at: number;
  amount: number;
  text: string;
  status: string;
  answered_at: number;
  reason: string;
  code: string;
  days: number;
  until: number;
}

/** Good for one order whose bouquets cost at least `least` (fen), until `until`. Kept on the order that it was given for. */
export interface Voucher {
  code: string;
  amount: number;
  least: number;
  until: number;
}

/** The voucher that an order is paid with: `amount` fen less. */
export interface Spent {
  code: string;
  amount: number;
}

/** The picture of the finished flowers, and what the buyer says to it. Times are ms, 0: not. */
export interface Bouquet {
  id: string;
  picture: string;
  at: number;
  status: string;
  answer_by: number;
  answered_at: number;
  fix: string;
  earlier: string[];
}

/** A call somebody did not answer, until they call back or are in another with who rang. */
export interface MissedCall {
  id: string;
  at: number;
  media: string;
  by_person: string;
  by_role: Role;
  by_name: string;
  to: Role[];
}

export type Role = "buyer" | "recipient" | "shop" | "courier" | "system";

/** A call that is not over. Who rang is its first member. */
export interface CallView {
  id: string;
  media: string;
  at: number;
  by_person: string;
  by_role: Role;
  by_name: string;
  to: Role[];
  ringing: Role[];
  declined: string[];
  members: CallMember[];
  state: string;
  answered_at: number;
  ring_until: number;
  ring_ms: number;
}

/** Somebody who is in it, with one device: of several that rang, the one that answered. */
export interface CallMember {
  person: string;
  role: Role;
  device: string;
  joined_at: number;
  name: string;
}

/** Why an order needs a person of the shop, worst first. */
export interface Attention {
  kind: string;
  since: number;
  level: string;
}

/** One stop of a run, in visiting order. */
export interface StopView {
  rank: number;
  eta_at: number;
  order: OrderView;
  actions: string[];
  distance_m: number;
  unread: number;
}

export interface PositionView {
  point: Point;
  at: number;
  accuracy_m?: number;
  heading?: number;
  speed_kmh?: number;
  battery?: number;
}

/** What is predicted. A range for the future, never a bare number. */
export interface EtaView {
  p50_at: number;
  p90_at: number;
  chance: number;
  verdict: string;
  p10_at?: number;
  stops_before?: number;
  distance_m?: number;
  computed_at?: number;
  why?: BilingualText | null;
  moved_minutes?: number;
}

/** Position and eta of one order: snapshot, and the signal on track:{order}. Absent before pick-up. */
export interface TrackView {
  order: string;
  position?: PositionView | null;
  stale?: boolean;
  eta?: EtaView | null;
  path?: Point[] | null;
}

/** One fix from a courier's phone. */
export interface PositionReport {
  at: number;
  lat: number;
  lon: number;
  accuracy_m: number;
  heading: number;
  speed_kmh: number;
  battery: number;
  datum: string;
}

/** One courier for an order, best first; `reason` is one line. */
export interface SuggestionView {
  courier: string;
  name: string;
  reason: BilingualText;
  extra_minutes: number;
  late_orders: string[];
  eta_at: number;
  reachable: boolean;
}

export interface ShareView {
  courier: string;
  name: string;
  orders: string[];
  trips: number;
  finish_at: number;
}

export interface UnkeptView {
  order: string;
  courier: string;
  reason: BilingualText;
}

export interface FailedAssign {
  order: string;
  code: string;
  sentence: BilingualText;
}

/** Many orders shared out at once. `state`: planning | proposed | applying | applied | failed. */
export interface BatchView {
  job: string;
  state: string;
  progress: number;
  orders: number;
  kept: number;
  late: number;
  shares: ShareView[];
  unkept: UnkeptView[];
  applied: number;
  failed: FailedAssign[];
  sentence: BilingualText | null;
}

/** Who takes one order over. `courier` "": nobody can; `reason` says why. No `meet`: it is at the shop. */
export interface HandoverLeg {
  order: string;
  courier: string;
  name: string;
  reason: BilingualText;
  meet: Point | null;
  meet_name: string;
  meet_at: number;
  eta_at: number;
  kept: boolean;
}

/** Nothing is changed until it is applied. */
export interface HandoverView {
  shop: string;
  courier: string;
  legs: HandoverLeg[];
  failed: FailedAssign[];
}

/** The room on a courier's bike; `courier` "": what the shop's bikes usually have. */
export interface BikeView {
  courier: string;
  places: number;
  tall: number;
}

export interface AssignmentView {
  automatic: boolean;
  bikes: BikeView[];
}

/** A bouquet as the shop's people see it, with what customers do not. `lacking`: stems that are out. */
export interface ProductCard {
  id: string;
  name: string;
  name_en: string;
  price: number;
  pictures: string[];
  words: string;
  words_en: string;
  size: number;
  fragile: boolean;
  tall: boolean;
  available: boolean;
  sold_out: boolean;
  recipe: Stem[];
  days: number[];
  variants: Variant[];
  lacking: string[];
}

/** A bouquet in one of its sizes. `percent`: how many of the recipe's stems it has. */
export interface Variant {
  id: string;
  name: string;
  name_en: string;
  price: number;
  percent: number;
}

export interface PictureView {
  picture: string;
}

/** A stem the shop works with. `out_since` ms, 0: there is some. */
export interface StemView {
  name: string;
  name_en: string;
  products: number;
  out_since: number;
}

/** An order not made yet that needs a stem. `state`: free | asked | answered, of its substitute. */
export interface NeedingOrder {
  order: string;
  number: number;
  promise_end: number;
  when_out: string;
  count: number;
  state: string;
}

/** Who needs a stem. */
export interface StemNeed {
  stem: string;
  products: string[];
  orders: NeedingOrder[];
}

/** A substitute being proposed on many orders. `state`: proposing | proposed. */
export interface StockOutView {
  job: string;
  stem: string;
  name: string;
  state: string;
  orders: number;
  proposed: number;
  agreed: number;
  failed: FailedAssign[];
  sentence: BilingualText | null;
}

export interface Cursor {
  epoch: string;
  seq: number;
}

export interface ActorView {
  person: string;
  role: string;
  name?: string;
}

/** One event as one role sees it: the `data` of every publication with an offset. */
export interface EventView {
  shop: string;
  order: string;
  seq: number;
  at: number;
  type: string;
  v: number;
  actor: ActorView;
  body: Record<string, unknown>;
  delta?: Record<string, unknown> | null;
  actions?: string[] | null;
  attention?: Attention[] | null;
  command_id?: string;
  device_at?: number;
}

export interface MarksView {
  person: string;
  role: string;
  received: number;
  read: number;
}

export interface MemberView {
  person: string;
  role: string;
  name: string;
  online?: boolean;
  last_seen?: number;
}

/** Where somebody is who shares their position for a while (event live_shared with this seq). */
export interface LiveView {
  seq: number;
  person: string;
  role: string;
  point: Point;
  at: number;
  until: number;
  accuracy_m?: number;
}

export interface OrderSnapshot {
  cursor: Cursor;
  role: Role;
  order: OrderView;
  actions: string[];
  events: EventView[];
  more: boolean;
  marks: MarksView[];
  members: MemberView[];
  track: TrackView | null;
  shop_name: string;
  shop_point: Point | null;
  attention: Attention[];
  live: LiveView[];
  muted: boolean;
}

export interface HistoryPage {
  events: EventView[];
  more: boolean;
}

/** One event of an order where the words were found. `ranges`: [start, end) in `excerpt`, UTF-16 units. */
export interface MessageHit {
  seq: number;
  at: number;
  type: string;
  where: string;
  name: string;
  role: string;
  excerpt: string;
  ranges: number[][];
}

/** Newest first. With `more`, the same again with this `before` goes on (also when `hits` is empty). */
export interface MessageHits {
  hits: MessageHit[];
  more: boolean;
  before: number;
}

/** One order of a shop where the words were found, and where. `ranges` as in MessageHit. */
export interface OrderHit {
  order: string;
  number: number;
  status: string;
  where: string;
  excerpt: string;
  ranges: number[][];
  at: number;
  seq?: number;
}

export interface OrderHits {
  hits: OrderHit[];
}

/** How many days after an order's completion a shop keeps these; 0: for ever. */
export interface RetentionView {
  messages_days: number;
  media_days: number;
  positions_days: number;
}

/** One order's whole conversation as one role sees it at one moment. */
export interface OrderExport {
  exported_at: number;
  cursor: Cursor;
  role: Role;
  shop_name: string;
  time_zone: string;
  order: OrderView;
  events: EventView[];
  complete: boolean;
}

/** One row of a list of orders. */
export interface OrderCard {
  order: OrderView;
  role: Role;
  actions: string[];
  attention: Attention[];
  unread: number;
  last: EventView | null;
}

export interface CourierView {
  person: string;
  name: string;
  phone?: string;
  online?: boolean;
  last_seen?: number;
  position?: PositionView | null;
  stale?: boolean;
  orders?: string[];
  by_hand?: boolean;
  unkept?: Record<string, BilingualText>;
}

export interface Board {
  cursor: Cursor;
  shop: string;
  shop_name: string;
  shop_point: Point | null;
  orders: OrderCard[];
  couriers: CourierView[];
  etas: Record<string, EtaView>;
  gates: Gates;
}

/** A shop's rules. `photo`: of the finished bouquet before it leaves. `answer_minutes`: how long the buyer may look at it (0: it is shown, not asked). `open_fix`: what a pick-up meets while the buyer waits for a fix. The last three: what a delivery must bring along. */
export interface Gates {
  photo: "off" | "required" | "wanted";
  answer_minutes: number;
  open_fix: "refuse" | "warn";
  picture: boolean;
  signature: boolean;
  code: boolean;
}

/** What a courier should know of the visiting order besides the order itself. */
export interface RunNews {
  changed?: BilingualText | null;
  changed_at?: number;
  before?: string[];
  kept_by_hand?: boolean;
  unkept?: Record<string, BilingualText>;
}

export interface Run {
  cursor: Cursor;
  shop: string;
  shop_name: string;
  shop_point: Point | null;
  courier: string;
  stops: StopView[];
  done: OrderCard[];
  news: RunNews;
  gates: Gates;
}

/** Addresses of one medium on this server, for the one who asked. With `?save` at the end the browser keeps it as a file. */
export interface MediaLinks {
  id: string;
  expires_at: number;
  original: string;
  thumb?: string;
  play?: string;
}

/** A sentence that is said with one tap. `key` goes into `say.quick`. */
export interface QuickReply {
  key: string;
  text: BilingualText;
}

export interface ProductView {
  id: string;
  name: string;
  name_en: string;
  price: number;
  picture: string;
  words: string;
  words_en: string;
  fragile: boolean;
  size: number;
  tall: boolean;
  days: number[];
  pictures: string[];
  variants: Variant[];
}

export interface ShopView {
  id: string;
  name: string;
  name_en: string;
  point: Point | null;
  phone: string;
  time_zone: string;
}

export interface Catalogue {
  shop: ShopView;
  products: ProductView[];
}

export interface PlaceMatch {
  id: string;
  name: string;
  address: string;
  kind: string;
  point: Point;
  detail: string;
  gate: Point | null;
  local: string;
}

export interface Slot {
  start: number;
  end: number;
  label: BilingualText;
  open: boolean;
  full: boolean;
  left: number;
  fee: number;
  occasion: BilingualText | null;
}

/** Whether "as soon as possible" can be had, and what it costs. `words` say why not. */
export interface AsapView {
  open: boolean;
  fee: number;
  words: BilingualText | null;
}

/** What a note's deadline means for the shop's slots. `words` say why it cannot be had. */
export interface NoteSlot {
  open: boolean;
  fee: number;
  words: BilingualText | null;
}

/** What a note was read as. With a `doubt` one of `choices` is to be chosen; without: `promise`. */
export interface NoteView {
  promise: OrderPromise | null;
  choices: OrderPromise[];
  doubt: string;
}

/** Can it be delivered there, and when. `reachable` False comes with words that say why. */
export interface Quote {
  reachable: boolean;
  minutes: number;
  distance_m: number;
  words: BilingualText | null;
  slots: Slot[];
  note: NoteView | null;
  note_slot: NoteSlot | null;
  asap: AsapView | null;
  zone: BilingualText | null;
}

/** A tracker app that reports for a courier. `last_at`: when it was heard, 0: never. */
export interface TrackerView {
  id: string;
  courier: string;
  courier_name: string;
  name: string;
  created_at: number;
  last_at: number;
}

/** When "almost there" is said; `minutes` 0: by metres. */
export interface RingView {
  metres: number;
  minutes: number;
}

/** What giving an order to a courier would cost, shown before the drop. */
export interface AssignCost {
  courier: string;
  extra_minutes: number;
  late_orders: string[];
  eta_at: number;
  reachable: boolean;
}

export interface StaffRole {
  shop: string;
  shop_name: string;
  role: string;
}

export interface Me {
  person: string;
  name: string;
  phone: string;
  language: string;
  staff: StaffRole[];
  guest_order: string;
  guest_role: string;
}

export interface Tokens {
  access: string;
  access_expires_at: number;
  refresh: string;
  person: string;
  device: string;
}

/** When a shop delivers to an address. `reachable` False comes with words that say why. */
export interface SlotsView {
  reachable: boolean;
  words: BilingualText | null;
  zone: BilingualText | null;
  slots: Slot[];
  asap: AsapView | null;
  note: NoteSlot | null;
}

/** `is_set` False: the shop has set nothing, `plan` is what it does all the same. */
export interface SlotPlanView {
  is_set: boolean;
  plan: SlotPlan;
}

/** All a shop says about when it delivers. Without zones every address it can ride to costs the same. */
export interface SlotPlan {
  slots: DaySlot[];
  zones: Zone[];
  occasions: Occasion[];
  blackouts: string[];
  making: number;
  asap: boolean;
}

/** One window of these weekdays (1 Monday … 7 Sunday). It has couriers × drops seats and florists × its own length in minutes for making. */
export interface DaySlot {
  start: number;
  end: number;
  days: number[];
  couriers: number;
  drops: number;
  florists: number;
  cut_off: number;
  evening: number;
  fee: number;
}

/** Everything within so many metres by road that no nearer zone holds. */
export interface Zone {
  id: string;
  up_to_m: number;
  name: string;
  name_en: string;
  fee: number;
  seats: number;
}

/** A day on which delivering costs more: 情人节. */
export interface Occasion {
  day: string;
  name: string;
  name_en: string;
  fee: number;
}

/** How full a slot is. 0 seats or bouquets at most: not limited. */
export interface SlotLoad {
  start: number;
  end: number;
  label: BilingualText;
  open: boolean;
  full: boolean;
  orders: number;
  seats: number;
  bouquets: number;
  most_bouquets: number;
}

/** A link that still opens one order. Times are ms of the real clock; its address is not kept. */
export interface GuestLinkView {
  id: string;
  role: string;
  created_at: number;
  expires_at: number;
  opened: boolean;
}

export interface EvidenceStep {
  status: string;
  at: number;
}

/** `what`: bouquet | incident | proof | complaint | rating | message; `by`: role. */
export interface EvidencePhoto {
  id: string;
  what: string;
  at: number;
  by: string;
  thumb: string;
  original: string;
}

/** All that bears on a complaint, as one of its two parties sees it. */
export interface Evidence {
  export: OrderExport;
  steps: EvidenceStep[];
  late_minutes: number;
  distance_m: number | null;
  photos: EvidencePhoto[];
}

/** As RTCPeerConnection takes it. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** `relay` False: devices can only meet where they see each other; `words` say why. */
export interface CallServers {
  ice_servers: IceServer[];
  expires_at: number;
  relay: boolean;
  words?: BilingualText | null;
}

/** Dial `dial`: it leads to the other side, and neither sees the other's number. `shown`: 138****1234. */
export interface MaskedLineView {
  call: string;
  dial: string;
  shown: string;
  until: number;
  simulated: boolean;
}

/** The server's public key for PushManager.subscribe (applicationServerKey, base64url). */
export interface PushKey {
  key: string;
}

export interface NoticeSettings {
  preferences: NoticePreferences;
  available: string[];
  devices: number;
}

/** What a person wishes. Urgent notices come in quiet hours too. */
export interface NoticePreferences {
  channels: string[];
  messages: boolean;
  calls: boolean;
  preview: boolean;
  quiet: boolean;
  quiet_from: string;
  quiet_to: string;
  time_zone: string;
  budget: number;
}

/** An installation one is signed in on. */
export interface DeviceView {
  id: string;
  name: string;
  created_at: number;
  last_seen: number;
  current: boolean;
  online: boolean;
  pushes: boolean;
}

/** A QR code: `path` is drawn in an SVG of `size` by `size`. */
export interface CodeView {
  size: number;
  path: string;
}

/** The effect of a change. Sums in fen, absent for a courier; times ms, 0: nobody can say. `others`: for those of the shop; the buyer reads how many. */
export interface ChangePreview {
  parts: string[];
  needs: string[];
  refused: BilingualText | null;
  total_before: number | null;
  total: number | null;
  fees: FeePart[];
  eta_before: number;
  eta_at: number;
  kept: boolean;
  others: OtherOrder[];
  others_later: number;
  others_late: number;
  answer_minutes: number;
}

/** What a part of the sum is for: cancel | items | way | second_trip | on_road. Fen; negative: less. */
export interface FeePart {
  kind: string;
  amount: number;
}

/** Another order of the same run that would come later. */
export interface OtherOrder {
  order: string;
  number: number;
  minutes: number;
  late: boolean;
}

/** A shop's own. The last three: how much of the price stays with the shop when the order is cancelled. */
export interface ChangeFees {
  second_trip: number;
  on_road: number;
  per_km: number;
  keeps_making: number;
  keeps_made: number;
  keeps_road: number;
}

/** `name` "": nobody with this number has ordered yet. `places`: newest first. */
export interface Customer {
  name: string;
  orders: number;
  places: KnownPlace[];
}

/** Where flowers went before. `address.note` is how one got in the last time. */
export interface KnownPlace {
  recipient: string;
  phone: string;
  address: Address;
  at: number;
}

export interface ImportPreview {
  id: string;
  encoding: string;
  separator: string;
  total: number;
  new: number;
  already: number;
  wrong: number;
  unknown: string[];
  rows: ImportRow[];
  problems: Problem[];
  warnings: BilingualText[];
}

/** One order as it would be. `place`: what the address was found to be on the map. */
export interface ImportRow {
  row: number;
  recipient: string;
  phone: string;
  bouquets: BilingualText[];
  promise: OrderPromise;
  address: string;
  place: string;
  card: string;
  note: string;
  already: boolean;
}

/** What is wrong in one cell. */
export interface Problem {
  row: number;
  column: BilingualText;
  value: string;
  words: BilingualText;
}

/** `state`: preparing | making | done. `progress`: of that, from 0 to 1. */
export interface ImportView {
  id: string;
  state: string;
  progress: number;
  total: number;
  done: number;
  already: number;
}

export interface StandingView {
  id: string;
  shop: string;
  shop_name: string;
  role: string;
  days: number[];
  start: number;
  end: number;
  until: string;
  paused: boolean;
  ended: boolean;
  recipient: string;
  address: string;
  bouquets: BilingualText;
  next_day: string;
  made: string[];
  trouble: BilingualText | null;
}

/** Oldest first. `owed`: all of it, in fen. */
export interface RefundList {
  owed: number;
  rows: RefundRow[];
}

/** One entry to tick off. `left`: so much is to go back for it now, in fen. */
export interface RefundRow {
  order: string;
  number: number;
  status: Status;
  buyer: string;
  phone: string;
  method: string;
  reference: string;
  refund: Refund;
  left: number;
}

/** `off`: fen that the order costs less. */
export interface VoucherView {
  code: string;
  off: number;
  until: number;
}

/** Orders that are still in the shop → ms by which they must be ready. */
export interface MakingView {
  ready_by: Record<string, number>;
}

/** The last two: signs that the fonts of the PDF lack, on the slip and on the card. */
export interface PaperView {
  paper: Paper;
  code: CodeView;
  slip_lacks: string[];
  card_lacks: string[];
}

/** `card` "": there is no card to print. `link`: the order's page for the courier, for the QR code. */
export interface Paper {
  order: string;
  number: number;
  shop_name: string;
  when: BilingualText;
  by: string;
  recipient: string;
  phone: string;
  address: string;
  gate: string;
  lines: PaperLine[];
  note: string;
  sender: string;
  quiet: boolean;
  card: string;
  signature: string;
  link: string;
}

export interface PaperLine {
  name: string;
  name_en: string;
  quantity: number;
}

export interface TypingSignal {
  signal: "typing";
  order: string;
  person: string;
  role: string;
  name: string;
}

export interface MarksSignal {
  signal: "marks";
  order: string;
  marks: MarksView;
}

export interface TrackSignal {
  signal: "track";
  track: TrackView;
}

/** On shop:{id}: where a courier is now, and when each of their orders will be there. */
export interface CourierSignal {
  signal: "courier";
  courier: CourierView;
  etas?: Record<string, EtaView>;
}

/** On run:{shop}:{courier}: the visiting order or the way left. By order: etas in ms, distances in m. */
export interface RunSignal {
  signal: "run";
  stops: string[];
  etas: Record<string, number>;
  distances?: Record<string, number>;
  changed?: BilingualText | null;
  changed_at?: number;
  before?: string[];
  kept_by_hand?: boolean;
  unkept?: Record<string, BilingualText>;
}

export interface PresenceSignal {
  signal: "presence";
  order: string;
  person: string;
  online: boolean;
  last_seen: number;
}

/** Where somebody is who shares their position; on the channels of the order, the shop and the run. */
export interface LiveSignal {
  signal: "live";
  order: string;
  seq: number;
  person: string;
  role: string;
  point: Point;
  at: number;
  until: number;
  accuracy_m?: number;
}

/** On shop:{id}: how far a batch is. */
export interface BatchSignal {
  signal: "batch";
  batch: BatchView;
}

/** On shop:{id}: on how many orders a substitute has been proposed. */
export interface StockOutSignal {
  signal: "stock_out";
  stock_out: StockOutView;
}

/** On me:{person}: what one device of a call says to another. Each is passed on, none is kept. */
export interface CallSignal {
  signal: "call";
  order: string;
  call: string;
  from_person: string;
  from_role: string;
  from_device: string;
  to_device: string;
  kind: string;
  data: string;
}

export interface OrderPlaced {
  number: number;
  voucher?: Spent | null;
}

/** Every move along the life cycle: one event type, so that each screen treats them alike. */
export interface StatusChanged {
  before: Status;
  after: Status;
  by?: string;
  reason?: string;
}

export interface CourierAssigned {
  courier: string;
  courier_name?: string;
  before?: string;
}

export interface TimeAgreed {
  at: number;
}

export interface ChangeAsked {
  change: Change;
}

export interface ChangeAnswered {
  change: Change;
}

export interface SubstituteProposed {
  substitution: Substitution;
}

/** By whom and how is in it; also withdrawn, or what follows without an answer. */
export interface SubstituteAnswered {
  substitution: Substitution;
}

export interface LineRefunded {
  line: Line;
  amount: number;
}

export interface IncidentReported {
  incident: Incident;
}

/** Somebody else said the same. */
export interface IncidentJoined {
  incident: Incident;
}

/** A step of its playbook: somebody chose, or the time was over. */
export interface IncidentDecided {
  incident: Incident;
}

export interface IncidentResolved {
  incident: Incident;
}

export interface PromiseSlipping {
  eta_at: number;
  why?: string;
  to_at?: number;
}

export interface OrderDelivered {
  proof: Proof;
}

/** A picture of the finished flowers, before they leave. */
export interface BouquetShown {
  bouquet: Bouquet;
}

/** The buyer likes it, or wishes one thing to be changed. */
export interface BouquetAnswered {
  bouquet: Bouquet;
}

export interface OrderRated {
  rating: Rating;
}

export interface ActionUndone {
  command: string;
}

/** The courier has confirmed time and place with the customer. */
export type StopConfirmed = Record<string, never>;

export interface AlertRaised {
  alert: Alert;
}

export interface AlertEscalated {
  alert: Alert;
}

/** By the courier, with one tap. */
export interface AlertAnswered {
  alert: Alert;
}

export interface AlertClosed {
  alert: Alert;
}

/** `amount` in fen, negative: given back. `payment`: all of it since. `refund`: id of the entry of the order's account that it settles. */
export interface PaymentRecorded {
  amount: number;
  payment: Payment;
  reason?: string;
  refund?: string;
}

export type PrivacyClosed = Record<string, never>;

export interface ContactChanged {
  contact: Contact;
}

/** From now on the recipient may be reached. */
export type ContactOpened = Record<string, never>;

export interface PreferenceAsked {
  preference: Preference;
}

export interface PreferenceAnswered {
  preference: Preference;
}

export interface GateHelped {
  help: GateHelp;
}

export interface Thanked {
  thanks: Thanks;
}

export interface ComplaintMade {
  complaint: Complaint;
}

export interface RemedyProposed {
  complaint: string;
  remedy: Remedy;
}

export interface RemedyAnswered {
  complaint: string;
  remedy: Remedy;
  remake?: string;
}

export interface ComplaintWithdrawn {
  complaint: string;
}

export interface RatingAnswered {
  rating: Rating;
}

/** One kind of event: a text, a place, or media with a text beside it if there is one. */
export interface MessageSent {
  name: string;
  to: string[];
  text?: string;
  place?: PlaceShared | null;
  media?: Attachment[];
  quick?: string;
  reply_to?: number;
  quote?: MessageQuote | null;
  mentions?: string[];
  forwarded?: boolean;
  recalled?: boolean;
  expired?: boolean;
}

export interface PlaceShared {
  point: Point;
  name?: string;
  address?: string;
}

/** One voice message, picture, clip or file of a message. The bytes have addresses of their own (`get_media_links`): signed, expiring, for one person. */
export interface Attachment {
  id: string;
  kind: string;
  type: string;
  name?: string;
  size?: number;
  width?: number;
  height?: number;
  duration_ms?: number;
  waveform?: number[];
  blurhash?: string;
  transcript?: string;
}

/** The message that is answered, in short, as it was when it was answered or as it was edited since. */
export interface MessageQuote {
  seq: number;
  name: string;
  role: string;
  kind: string;
  text?: string;
}

export interface MessageRecalled {
  seq: number;
}

/** The shop alone reads the text here; everybody else reads it in the overlay, as it is now. */
export interface MessageEdited {
  seq: number;
  text?: string;
}

export interface ReactionChanged {
  seq: number;
  emoji: string;
  on: boolean;
  name: string;
}

export interface MessagePinned {
  seq: number;
  on: boolean;
  name: string;
}

/** A card with buttons, open until it is answered (overlay `answer`), recalled or `until` has passed. */
export interface QuestionAsked {
  name: string;
  to: string[];
  until: number;
  text?: string;
  options?: string[];
  recalled?: boolean;
}

export interface QuestionAnswered {
  seq: number;
  option: number;
  text: string;
  name: string;
}

/** A live position, until it is stopped (overlay `closed_at`), recalled or `until` has passed. */
export interface LiveShared {
  name: string;
  to: string[];
  until: number;
  minutes: number;
  recalled?: boolean;
}

export interface LiveStopped {
  seq: number;
}

/** The system speaks for the facts. `template` names the rule it came from. */
export interface NoticePosted {
  template: string;
  text: BilingualText;
  tone?: string;
}

/** The system answers a question from the facts, right after it: a person need not. Times are ms, 0: not known. The live card shows the same and stays up to date; this is what was true when it was asked. */
export interface AnswerGiven {
  question: string;
  asked: number;
  text: BilingualText;
  eta_from?: number;
  eta_to?: number;
  verdict?: string;
  stops_before?: number;
  stale?: boolean;
}

/** Whoever is `by` hears nothing more of what `role` says, or hears it again. The shop hears everybody. */
export interface MemberBlocked {
  by: string;
  role: string;
  on: boolean;
}

/** Seen by the shop and by who reports. */
export interface MessageReported {
  seq: number;
  by: string;
  name: string;
  reason?: string;
}

export interface ReportResolved {
  seq: number;
  answer?: string;
}

/** What was said on this order was removed: the shop keeps it no longer. The facts stay. */
export type TalkExpired = Record<string, never>;

/** The phones of `to` ring. `again`: the call goes on already, these are asked to join. */
export interface CallRung {
  call: string;
  media: string;
  to: Role[];
  role: Role;
  name?: string;
  ring_until: number;
  again?: boolean;
}

export interface CallAnswered {
  call: string;
  person: string;
  role: Role;
  device: string;
  name?: string;
}

export interface CallDeclined {
  call: string;
  person: string;
  role: Role;
  name?: string;
  busy?: boolean;
}

/** Who was asked to join did not answer; the call goes on. */
export interface CallMissed {
  call: string;
  to: Role[];
}

export interface CallLeft {
  call: string;
  person: string;
  role: Role;
  why: string;
  name?: string;
  quality?: CallQuality | null;
}

/** How it was, as the device that left it saw it. */
export interface CallQuality {
  words?: "" | "fair" | "good" | "poor";
  rtt_ms?: number;
  lost_percent?: number;
  kbps?: number;
  relayed?: boolean;
  restarts?: number;
}

/** `why`: hung_up | failed | lost | reassigned, or of a call nobody answered: missed | declined | busy | cancelled | failed. `text` says it to everybody alike; a screen says it from where its person stands. */
export interface CallEnded {
  call: string;
  media: string;
  why: string;
  by_person: string;
  by_role: Role;
  by_name?: string;
  to: Role[];
  ended_by?: string;
  members?: CallParty[];
  duration_ms?: number;
  text: BilingualText;
  quality?: CallQuality | null;
}

/** Somebody who was in a call. */
export interface CallParty {
  person: string;
  role: Role;
  name: string;
}

/** A telephone call over a number that hides both. `number`: 138****1234. */
export interface MaskedCallPlaced {
  call: string;
  to: Role;
  role: Role;
  number: string;
  until: number;
}

export interface MaskedCallEnded {
  call: string;
  to: Role;
  role: Role;
  answered: boolean;
  duration_ms?: number;
  text: BilingualText;
}

/** A window or a note with a deadline (「下午三点前送到公司」) becomes the promise. */
export interface PlaceOrder {
  order: string;
  shop: string;
  lines: LineWish[];
  recipient: PartyWish;
  address: AddressWish;
  promise?: OrderPromiseWish | null;
  card?: CardWish;
  note?: string;
  surprise?: boolean;
  contact?: ContactWish | null;
  buyer_name?: string;
  when_out?: "ask" | "refund" | "similar";
  pay?: "at_shop" | "elsewhere";
  voucher?: string;
  overbook?: boolean;
}

/** `variant`: which of its sizes; without one the usual. */
export interface LineWish {
  product: string;
  variant?: string;
  quantity?: number;
}

/** A person as the order knows them. `person` is empty for somebody without an account. */
export interface PartyWish {
  person?: string;
  name?: string;
  phone?: string;
}

export interface AddressWish {
  text: string;
  point: Point;
  detail?: string;
  note?: string;
  gate?: Point | null;
}

/** What was promised: between start and end; start 0 means "by end". */
export interface OrderPromiseWish {
  end: number;
  start?: number;
  source?: string;
}

export interface CardWish {
  text?: string;
  signature?: string;
  anonymous?: boolean;
}

export interface ContactWish {
  policy: "after" | "door" | "free" | "never";
  after?: number;
}

export interface ConfirmOrder {
  order: string;
}

export interface StartMaking {
  order: string;
}

/** `picture`: of the finished flowers, shown to the buyer. */
export interface MarkReady {
  order: string;
  picture?: string;
}

/** Assigns, or reassigns; an empty courier takes the order back. */
export interface AssignCourier {
  order: string;
  courier: string;
  meet?: Point | null;
}

/** `anyway`: although the buyer waits for a fix, where the shop allows that. */
export interface PickUp {
  order: string;
  anyway?: boolean;
}

export interface SetOff {
  order: string;
}

/** The courier called and agreed a new time with the customer. */
export interface AgreeTime {
  order: string;
  at: number;
}

/** A picture of the finished flowers: the first, a better one, or the one after a fix. */
export interface ShowBouquet {
  order: string;
  picture: string;
}

/** The buyer approves, or says in words what to change; that once. */
export interface AnswerBouquet {
  order: string;
  bouquet: string;
  approve: boolean;
  fix?: string;
}

/** By the geofence (500 m along the road or in a straight line), or by the courier's tap. */
export interface MarkArriving {
  order: string;
}

export interface MarkArrived {
  order: string;
}

/** `point`: where the courier stood when it was tapped. `received_by`: who, or which locker. */
export interface Deliver {
  order: string;
  picture?: string;
  received_by?: string;
  left_with?: "" | "desk" | "door" | "family" | "guard" | "locker" | "neighbour" | "other" | "self";
  signature?: string;
  code?: string;
  point?: Point | null;
  accuracy_m?: number;
}

export interface Rate {
  order: string;
  stars: number;
  tags?: string[];
  text?: string;
  picture?: string;
}

export interface CancelOrder {
  order: string;
  reason?: string;
}

/** Another time, address, recipient, card or bouquet, several of these, or to cancel. `seen_total`: what the buyer was shown it will cost (fen); another sum is refused and shown anew. */
export interface AskChange {
  order: string;
  promise?: OrderPromiseWish | null;
  address?: AddressWish | null;
  recipient?: PartyWish | null;
  card?: CardWish | null;
  lines?: LineWish[] | null;
  cancel?: boolean;
  reason?: string;
  seen_total?: number | null;
}

/** By whoever is asked; of a counter-proposal by the buyer. */
export interface AnswerChange {
  order: string;
  change: string;
  accept: boolean;
  reason?: string;
}

export interface WithdrawChange {
  order: string;
  change: string;
}

/** `delay_minutes`: None says what is usual for the reason. */
export interface ReportIncident {
  order: string;
  reason: Reason;
  note?: string;
  delay_minutes?: number | null;
  picture?: string;
}

export interface ResolveIncident {
  order: string;
  incident: string;
  resolution?: string;
}

export interface FailDelivery {
  order: string;
  reason: Reason;
  note?: string;
}

/** After a failed handover: try again with the same courier. */
export interface RetryDelivery {
  order: string;
}

export interface StartReturn {
  order: string;
}

export interface ConfirmReturn {
  order: string;
}

/** Not so, but so: another time, and from the shop another fee (fen more; negative: less). The buyer answers. */
export interface CounterChange {
  order: string;
  change: string;
  promise?: OrderPromiseWish | null;
  fee?: number | null;
  note?: string;
}

/** One decision of an incident's playbook. `stage`: what was to be decided when it was tapped. */
export interface DecideIncident {
  order: string;
  incident: string;
  stage: string;
  choice: string;
  note?: string;
  percent?: number;
  minutes?: number;
}

/** Takes the actor's last tap back, within 10 seconds. */
export interface UndoLast {
  order: string;
}

/** The courier has called: time and place of this stop are right. */
export interface ConfirmStop {
  order: string;
}

/** The courier says how it is: `fine` ends it, `jam` ends it and is kept as the reason, `help` goes to the shop at once. */
export interface AnswerAlert {
  order: string;
  kind: string;
  answer: "fine" | "help" | "jam";
}

/** Flowers are out: a `stem` is replaced wherever it is, or the whole line `line` (from 0) by another bouquet of the catalogue. Each bouquet then costs `difference` fen more, or less. The buyer sees the picture (its address) and answers within `minutes`. */
export interface ProposeSubstitute {
  order: string;
  stem?: string;
  line?: number;
  product?: string;
  name?: string;
  name_en?: string;
  picture: string;
  difference?: number;
  words?: string;
  minutes?: number;
}

/** By the buyer; by the shop when it was agreed by telephone. */
export interface AnswerSubstitute {
  order: string;
  substitution: string;
  accept: boolean;
}

/** The flowers are there after all: it is made as it was ordered. */
export interface WithdrawSubstitute {
  order: string;
  substitution: string;
}

/** A bouquet cannot be made: it leaves the order and its price goes back. `line` from 0. */
export interface RefundLine {
  order: string;
  line: number;
}

/** By the shop when nobody answered: refund what would change, or the whole order, or take more time. */
export interface DecideSubstitute {
  order: string;
  substitution: string;
  choice: "cancel" | "refund" | "wait";
}

/** The shop has been paid so much, there or by the buyer's own means. */
export interface RecordPayment {
  order: string;
  amount: number;
  method?: "at_shop" | "elsewhere";
  reference?: string;
}

/** So much was given back. `refund`: for which entry of the order's account; "": the oldest first. */
export interface RecordRefund {
  order: string;
  amount: number;
  reason?: string;
  refund?: string;
}

/** When the recipient may be reached. By the buyer, or by the shop for them. */
export interface SetContact {
  order: string;
  contact: ContactWish;
}

/** The recipient would like another time: a window, or words, or both. */
export interface PreferTime {
  order: string;
  window?: TimeWindowWish | null;
  text?: string;
}

/** A time one would like; start 0 means "by end". */
export interface TimeWindowWish {
  end: number;
  start?: number;
}

export interface AnswerPreference {
  order: string;
  preference: string;
  accept: boolean;
  reason?: string;
}

/** How to get in: a code, a floor, a place, words. */
export interface HelpGate {
  order: string;
  code?: string;
  floor?: string;
  text?: string;
  point?: Point | null;
}

/** A word back to whoever sent the flowers, known to the recipient or not. */
export interface Thank {
  order: string;
  text?: string;
  picture?: string;
}

/** Something was not right. `pictures`: uploads for this order. */
export interface Complain {
  order: string;
  fault: "damaged" | "different" | "late" | "manner" | "missing" | "other" | "wilted" | "wrong_place";
  text?: string;
  pictures?: string[];
}

/** An offer, by the shop or the buyer; it takes the place of the one that waits. Of a refund or a voucher the amount in fen: a refund up to what was paid. A voucher is good for `days` from the agreement on. */
export interface ProposeRemedy {
  order: string;
  kind: "refund" | "remake" | "voucher";
  amount?: number;
  days?: number;
  text?: string;
}

/** By the one to whom it was offered. Accepting settles the complaint. */
export interface AnswerRemedy {
  order: string;
  remedy: string;
  accept: boolean;
  reason?: string;
}

/** By whoever made it: it has come right by itself. */
export interface WithdrawComplaint {
  order: string;
}

/** The shop's word to a rating; a later one takes its place. */
export interface AnswerRating {
  order: string;
  text: string;
}

/** A text. */
export interface Say {
  order: string;
  to?: Role[] | null;
  reply_to?: number;
  mentions?: Role[];
  text: string;
  quick?: string;
}

export interface SendPlace {
  order: string;
  to?: Role[] | null;
  reply_to?: number;
  mentions?: Role[];
  point: Point;
  name?: string;
  address?: string;
}

/** Voice, pictures, clips or files that were uploaded for this order, with a few words if one likes. */
export interface SendMedia {
  order: string;
  to?: Role[] | null;
  reply_to?: number;
  mentions?: Role[];
  media: string[];
  text?: string;
}

/** Takes one's own message back, within 2 minutes. The shop keeps its trace. */
export interface RecallMessage {
  order: string;
  seq: number;
}

/** A new text for one's own message, within 2 minutes. */
export interface EditMessage {
  order: string;
  seq: number;
  text: string;
}

/** Lays one emoji on a message, or takes it off again. */
export interface React {
  order: string;
  seq: number;
  emoji: string;
  on?: boolean;
}

/** Pins a message for everybody who sees it, or takes the pin out. */
export interface PinMessage {
  order: string;
  seq: number;
  on?: boolean;
}

/** Copies messages into `order`, from it or from another order of the shop that the sender is on too. */
export interface ForwardMessages {
  order: string;
  from_order: string;
  seqs: number[];
  to?: Role[] | null;
}

/** A question with buttons. Whoever is quickest answers it for all. */
export interface Ask {
  order: string;
  text: string;
  options: string[];
  to?: Role[] | null;
  minutes?: number;
}

export interface AnswerQuestion {
  order: string;
  seq: number;
  option: number;
}

/** Shows one's own position as it moves, for a while (`report_live_position` carries it). */
export interface ShareLive {
  order: string;
  minutes?: 15 | 30 | 60;
  to?: Role[] | null;
}

export interface StopLive {
  order: string;
  seq: number;
}

/** From now on hear nothing of what this member says on the order. Never the shop. */
export interface BlockMember {
  order: string;
  role: Role;
  on?: boolean;
}

/** Asks the shop to look at a message. */
export interface ReportMessage {
  order: string;
  seq: number;
  reason?: string;
}

/** The shop has looked at what was reported. */
export interface ResolveReport {
  order: string;
  seq: number;
  answer?: string;
}

/** Rings all devices of these people. `device`: this page's own id, another one for each page. When one of them is ringing here at this moment, it answers that call instead: the result names it. */
export interface Ring {
  order: string;
  call: string;
  media?: "audio" | "video";
  to: Role[];
  device: string;
}

/** The first device of a person wins, of a shop's people the first person. */
export interface AnswerCall {
  order: string;
  call: string;
  device: string;
}

/** `busy`: the page is in another call. */
export interface DeclineCall {
  order: string;
  call: string;
  busy?: boolean;
}

/** By who is in it: the call goes on, these are rung and may join. */
export interface InviteToCall {
  order: string;
  call: string;
  to: Role[];
}

/** With fewer than two left it is over; before an answer whoever rang takes it back with this. */
export interface LeaveCall {
  order: string;
  call: string;
  why?: "failed" | "hung_up" | "lost";
  quality?: CallQualityWish | null;
}

/** How it was, as the device that left it saw it. */
export interface CallQualityWish {
  words?: "" | "fair" | "good" | "poor";
  rtt_ms?: number;
  lost_percent?: number;
  kbps?: number;
  relayed?: boolean;
  restarts?: number;
}

/** Body of an event by its type. */
export interface EventBodies {
  order_placed: OrderPlaced;
  status_changed: StatusChanged;
  courier_assigned: CourierAssigned;
  time_agreed: TimeAgreed;
  change_asked: ChangeAsked;
  change_answered: ChangeAnswered;
  substitute_proposed: SubstituteProposed;
  substitute_answered: SubstituteAnswered;
  line_refunded: LineRefunded;
  incident_reported: IncidentReported;
  incident_joined: IncidentJoined;
  incident_decided: IncidentDecided;
  incident_resolved: IncidentResolved;
  promise_slipping: PromiseSlipping;
  order_delivered: OrderDelivered;
  bouquet_shown: BouquetShown;
  bouquet_answered: BouquetAnswered;
  order_rated: OrderRated;
  action_undone: ActionUndone;
  stop_confirmed: StopConfirmed;
  alert_raised: AlertRaised;
  alert_escalated: AlertEscalated;
  alert_answered: AlertAnswered;
  alert_closed: AlertClosed;
  payment_recorded: PaymentRecorded;
  privacy_closed: PrivacyClosed;
  contact_changed: ContactChanged;
  contact_opened: ContactOpened;
  preference_asked: PreferenceAsked;
  preference_answered: PreferenceAnswered;
  gate_helped: GateHelped;
  thanked: Thanked;
  complaint_made: ComplaintMade;
  remedy_proposed: RemedyProposed;
  remedy_answered: RemedyAnswered;
  complaint_withdrawn: ComplaintWithdrawn;
  rating_answered: RatingAnswered;
  message_sent: MessageSent;
  message_recalled: MessageRecalled;
  message_edited: MessageEdited;
  reaction_changed: ReactionChanged;
  message_pinned: MessagePinned;
  question_asked: QuestionAsked;
  question_answered: QuestionAnswered;
  live_shared: LiveShared;
  live_stopped: LiveStopped;
  notice_posted: NoticePosted;
  answer_given: AnswerGiven;
  member_blocked: MemberBlocked;
  message_reported: MessageReported;
  report_resolved: ReportResolved;
  talk_expired: TalkExpired;
  call_rung: CallRung;
  call_answered: CallAnswered;
  call_declined: CallDeclined;
  call_missed: CallMissed;
  call_left: CallLeft;
  call_ended: CallEnded;
  masked_call_placed: MaskedCallPlaced;
  masked_call_ended: MaskedCallEnded;
}

/** Fields of a command by its name. */
export interface CommandBodies {
  place_order: PlaceOrder;
  confirm_order: ConfirmOrder;
  start_making: StartMaking;
  mark_ready: MarkReady;
  assign_courier: AssignCourier;
  pick_up: PickUp;
  set_off: SetOff;
  agree_time: AgreeTime;
  show_bouquet: ShowBouquet;
  answer_bouquet: AnswerBouquet;
  mark_arriving: MarkArriving;
  mark_arrived: MarkArrived;
  deliver: Deliver;
  rate: Rate;
  cancel_order: CancelOrder;
  ask_change: AskChange;
  answer_change: AnswerChange;
  withdraw_change: WithdrawChange;
  report_incident: ReportIncident;
  resolve_incident: ResolveIncident;
  fail_delivery: FailDelivery;
  retry_delivery: RetryDelivery;
  start_return: StartReturn;
  confirm_return: ConfirmReturn;
  counter_change: CounterChange;
  decide_incident: DecideIncident;
  undo: UndoLast;
  confirm_stop: ConfirmStop;
  answer_alert: AnswerAlert;
  propose_substitute: ProposeSubstitute;
  answer_substitute: AnswerSubstitute;
  withdraw_substitute: WithdrawSubstitute;
  refund_line: RefundLine;
  decide_substitute: DecideSubstitute;
  record_payment: RecordPayment;
  record_refund: RecordRefund;
  set_contact: SetContact;
  prefer_time: PreferTime;
  answer_preference: AnswerPreference;
  help_gate: HelpGate;
  thank: Thank;
  complain: Complain;
  propose_remedy: ProposeRemedy;
  answer_remedy: AnswerRemedy;
  withdraw_complaint: WithdrawComplaint;
  answer_rating: AnswerRating;
  say: Say;
  send_place: SendPlace;
  send_media: SendMedia;
  recall_message: RecallMessage;
  edit_message: EditMessage;
  react: React;
  pin_message: PinMessage;
  forward_messages: ForwardMessages;
  ask: Ask;
  answer_question: AnswerQuestion;
  share_live: ShareLive;
  stop_live: StopLive;
  block_member: BlockMember;
  report_message: ReportMessage;
  resolve_report: ResolveReport;
  ring: Ring;
  answer_call: AnswerCall;
  decline_call: DeclineCall;
  invite_to_call: InviteToCall;
  leave_call: LeaveCall;
}

export type Signal = TypingSignal | MarksSignal | TrackSignal | CourierSignal | RunSignal | PresenceSignal | LiveSignal | BatchSignal | StockOutSignal | CallSignal;

/** What may have gone wrong: who may say so in which status, and whether a photo is needed. */
export interface ReasonRule {
  group: string;
  photo: boolean;
  delay: number;
  fails: boolean;
  courier: Status[];
  shop: Status[];
}
export const REASONS: Record<Reason, ReasonRule> = {
  vehicle_breakdown: { group: "road", photo: false, delay: 30, fails: false, courier: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  heavy_traffic: { group: "road", photo: false, delay: 30, fails: false, courier: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  weather: { group: "road", photo: false, delay: 30, fails: false, courier: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  route_closed: { group: "road", photo: false, delay: 20, fails: false, courier: ["picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["picked_up", "delivering", "arriving", "arrived"] },
  accident: { group: "road", photo: false, delay: 45, fails: false, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  courier_unavailable: { group: "courier", photo: false, delay: 30, fails: false, courier: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  hand_over: { group: "courier", photo: false, delay: 20, fails: false, courier: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"], shop: [] },
  no_answer: { group: "contact", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"] },
  phone_off: { group: "contact", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"] },
  disconnected: { group: "contact", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"] },
  no_such_number: { group: "contact", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"] },
  wrong_number: { group: "contact", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"] },
  cannot_reach: { group: "contact", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"] },
  recipient_absent: { group: "recipient", photo: false, delay: 0, fails: true, courier: ["delivering", "arriving", "arrived"], shop: ["picked_up", "delivering", "arriving", "arrived"] },
  cannot_find: { group: "address", photo: false, delay: 0, fails: true, courier: ["delivering", "arriving", "arrived"], shop: ["picked_up", "delivering", "arriving", "arrived"] },
  no_access: { group: "address", photo: false, delay: 0, fails: true, courier: ["delivering", "arriving", "arrived"], shop: ["picked_up", "delivering", "arriving", "arrived"] },
  no_parking: { group: "address", photo: false, delay: 10, fails: false, courier: ["delivering", "arriving", "arrived"], shop: [] },
  address_change: { group: "address", photo: false, delay: 0, fails: false, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"] },
  out_of_area: { group: "address", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["confirmed", "making", "ready", "assigned"] },
  refused: { group: "recipient", photo: false, delay: 0, fails: true, courier: ["delivering", "arriving", "arrived"], shop: ["picked_up", "delivering", "arriving", "arrived"] },
  wants_later: { group: "recipient", photo: false, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived"], shop: ["picked_up", "delivering", "arriving", "arrived"] },
  flowers_damaged: { group: "goods", photo: true, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  packing: { group: "goods", photo: true, delay: 0, fails: false, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["ready", "assigned"] },
  wrong_item: { group: "goods", photo: true, delay: 0, fails: true, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  missing_item: { group: "goods", photo: false, delay: 0, fails: false, courier: ["assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  lost: { group: "goods", photo: false, delay: 0, fails: true, courier: ["picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
  out_of_stock: { group: "shop", photo: false, delay: 0, fails: false, courier: [], shop: ["confirmed", "making"] },
  shop_slow: { group: "shop", photo: false, delay: 20, fails: false, courier: ["confirmed", "making", "ready", "assigned"], shop: ["confirmed", "making"] },
  shop_closed: { group: "shop", photo: false, delay: 20, fails: false, courier: ["confirmed", "making", "ready", "assigned"], shop: [] },
  shop_unreachable: { group: "shop", photo: false, delay: 0, fails: false, courier: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived"], shop: [] },
  shop_position: { group: "shop", photo: false, delay: 10, fails: false, courier: ["confirmed", "making", "ready", "assigned"], shop: [] },
  proof_missing: { group: "proof", photo: false, delay: 0, fails: false, courier: ["arrived"], shop: ["arrived"] },
  other: { group: "other", photo: false, delay: 0, fails: true, courier: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"], shop: ["confirmed", "making", "ready", "assigned", "picked_up", "delivering", "arriving", "arrived", "failed", "returning"] },
};
