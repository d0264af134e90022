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

export interface Line {
  product: string;
  name: string;
  name_en: string;
  price: number;
  quantity: number;
  picture: string;
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

/** A wish of the buyer (or recipient) to move the delivery in time or place. */
export interface Change {
  id: string;
  asked_by: string;
  asked_at: number;
  promise: OrderPromise | null;
  address: Address | null;
  status: string;
  answered_by: string;
  reason: string;
}

export interface Incident {
  id: string;
  reason: Reason;
  at: number;
  reporter: string;
  role: string;
  note: string;
  delay_minutes: number;
  status: string;
  resolution: string;
}

/** Why something went wrong (FIELD: reason codes in real use). */
export type Reason = "vehicle_breakdown" | "heavy_traffic" | "flowers_damaged" | "courier_unavailable" | "out_of_stock" | "cannot_reach" | "cannot_find" | "no_access" | "recipient_absent" | "refused" | "wrong_number" | "weather" | "accident" | "shop_slow" | "other";

export interface Rating {
  stars: number;
  at: number;
  tags: string[];
  text: string;
}

export interface Proof {
  at: number;
  device_at: number;
  point: Point | null;
  picture: string;
  received_by: string;
}

export interface PartyView {
  person?: string;
  name?: string;
  phone?: string;
}

/** Present only for the one who may take the tap back. */
export interface UndoView {
  by: string;
  command: string;
  until: number;
}

/** An order as one role sees it. A field that role may not see is absent. A delta has the same fields: those that changed, null where one became empty. */
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
  address?: Address | null;
  card?: Card | null;
  note?: string;
  surprise?: boolean;
  courier?: PartyView | null;
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
}

export type Status = "placed" | "confirmed" | "making" | "ready" | "assigned" | "picked_up" | "delivering" | "arriving" | "arrived" | "delivered" | "rated" | "cancelled" | "failed" | "returning" | "returned";

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
}

export type Role = "buyer" | "recipient" | "shop" | "courier" | "system";

export interface HistoryPage {
  events: EventView[];
  more: boolean;
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
}

export interface Board {
  cursor: Cursor;
  shop: string;
  shop_name: string;
  shop_point: Point | null;
  orders: OrderCard[];
  couriers: CourierView[];
  etas: Record<string, EtaView>;
}

export interface Run {
  cursor: Cursor;
  shop: string;
  shop_name: string;
  shop_point: Point | null;
  courier: string;
  stops: StopView[];
  done: OrderCard[];
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
}

export interface Slot {
  start: number;
  end: number;
  label: BilingualText;
  open: boolean;
}

/** Can it be delivered there, and when. `reachable` False comes with words that say why. */
export interface Quote {
  reachable: boolean;
  minutes: number;
  distance_m: number;
  words: BilingualText | null;
  slots: Slot[];
  promise_from_note: number;
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
}

export interface PresenceSignal {
  signal: "presence";
  order: string;
  person: string;
  online: boolean;
  last_seen: number;
}

export interface OrderPlaced {
  number: number;
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

export interface IncidentReported {
  incident: Incident;
}

export interface IncidentResolved {
  incident: Incident;
}

export interface PromiseSlipping {
  eta_at: number;
  why?: string;
}

export interface OrderDelivered {
  proof: Proof;
}

export interface OrderRated {
  rating: Rating;
}

export interface ActionUndone {
  command: string;
}

export type PrivacyClosed = Record<string, never>;

/** One kind of event. Exactly one of text and place is set. */
export interface MessageSent {
  name: string;
  to: string[];
  text?: string;
  place?: PlaceShared | null;
  quick?: string;
}

export interface PlaceShared {
  point: Point;
  name?: string;
  address?: string;
}

/** The system speaks for the facts. `template` names the rule it came from. */
export interface NoticePosted {
  template: string;
  text: BilingualText;
  tone?: string;
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
  buyer_name?: string;
}

export interface LineWish {
  product: string;
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

export interface ConfirmOrder {
  order: string;
}

export interface StartMaking {
  order: string;
}

export interface MarkReady {
  order: string;
  picture?: string;
}

/** Assigns, or reassigns; an empty courier takes the order back. */
export interface AssignCourier {
  order: string;
  courier: string;
}

export interface PickUp {
  order: string;
}

export interface SetOff {
  order: string;
}

/** The courier called and agreed a new time with the customer. */
export interface AgreeTime {
  order: string;
  at: number;
}

/** By the geofence (500 m along the road or in a straight line), or by the courier's tap. */
export interface MarkArriving {
  order: string;
}

export interface MarkArrived {
  order: string;
}

export interface Deliver {
  order: string;
  picture?: string;
  received_by?: string;
  point?: Point | null;
}

export interface Rate {
  order: string;
  stars: number;
  tags?: string[];
  text?: string;
}

export interface CancelOrder {
  order: string;
  reason?: string;
}

/** A new time or a new address (one or both). */
export interface AskChange {
  order: string;
  promise?: OrderPromiseWish | null;
  address?: AddressWish | null;
}

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

export interface ReportIncident {
  order: string;
  reason: Reason;
  note?: string;
  delay_minutes?: number;
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

/** Takes the actor's last tap back, within 10 seconds. */
export interface UndoLast {
  order: string;
}

/** A text. `to`: roles that see it besides the sender and the shop; None: the sender's usual audience. */
export interface Say {
  order: string;
  text: string;
  to?: Role[] | null;
  quick?: string;
}

export interface SendPlace {
  order: string;
  point: Point;
  name?: string;
  address?: string;
  to?: Role[] | null;
}

/** Body of an event by its type. */
export interface EventBodies {
  order_placed: OrderPlaced;
  status_changed: StatusChanged;
  courier_assigned: CourierAssigned;
  time_agreed: TimeAgreed;
  change_asked: ChangeAsked;
  change_answered: ChangeAnswered;
  incident_reported: IncidentReported;
  incident_resolved: IncidentResolved;
  promise_slipping: PromiseSlipping;
  order_delivered: OrderDelivered;
  order_rated: OrderRated;
  action_undone: ActionUndone;
  privacy_closed: PrivacyClosed;
  message_sent: MessageSent;
  None: PlaceShared;
  notice_posted: NoticePosted;
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
  undo: UndoLast;
  say: Say;
  send_place: SendPlace;
}

export type Signal = TypingSignal | MarksSignal | TrackSignal | CourierSignal | RunSignal | PresenceSignal;
