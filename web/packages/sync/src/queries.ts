import type {
  CallServers,
  MaskedLineView,
  CodeView,
  AskChange,
  AssignCost,
  AssignmentView,
  BatchView,
  HandoverView,
  SuggestionView,
  FailedAssign,
  Gates,
  MakingView,
  PaperView,
  BilingualText,
  Board,
  Catalogue,
  ChangeFees,
  ChangePreview,
  CommandBodies,
  CourierView,
  Customer,
  DeviceView,
  EventView,
  GuestLinkView,
  HistoryPage,
  ImportView,
  Me,
  MediaLinks,
  MessageHits,
  OrderCard,
  OrderHits,
  NoticePreferences,
  NoticeSettings,
  OrderSnapshot,
  PlaceMatch,
  ProductCard,
  StemNeed,
  StemView,
  StockOutView,
  Stem,
  Variant,
  Point,
  PositionReport,
  PushKey,
  QuickReply,
  Quote,
  RefundList,
  Role,
  Run,
  RingView,
  ShopView,
  SlotLoad,
  SlotPlan,
  SlotPlanView,
  SlotsView,
  StandingView,
  LineWish,
  VoucherView,
  TrackerView,
} from './types.gen'

/** A change that is wished for, or `change`: the one that waits. */
export type PreviewChange = { order: string; change?: string } & Partial<
  Pick<AskChange, 'promise' | 'address' | 'recipient' | 'card' | 'lines' | 'cancel'>
>

/** Arguments and answer of every query, by its name. */
export interface Queries {
  get_me: [Record<string, never>, Me]
  list_shops: [Record<string, never>, ShopView[]]
  get_catalogue: [{ shop: string }, Catalogue]
  quote: [{ shop: string; point?: Point; note?: string; day?: number }, Quote]
  find_slots: [{ shop: string; point?: Point; day?: number; days?: number; bouquets?: number }, SlotsView]
  check_voucher: [{ shop: string; code: string; lines?: LineWish[]; order?: string }, VoucherView]
  get_slots: [{ shop: string }, SlotPlanView]
  get_slot_load: [{ shop: string; days?: number }, SlotLoad[]]
  get_import: [{ shop: string; id: string }, ImportView]
  list_standing: [{ shop?: string }, StandingView[]]
  find_customer: [{ shop: string; phone: string }, Customer]
  list_refunds: [{ shop: string }, RefundList]
  search_places: [{ text: string; near?: Point; language?: string }, PlaceMatch[]]
  reverse_place: [{ point: Point; language?: string }, PlaceMatch | null]
  list_orders: [Record<string, never>, OrderCard[]]
  get_order: [{ order: string }, OrderSnapshot]
  get_history: [{ order: string; before: number; limit: number }, HistoryPage]
  get_media_links: [{ order: string; media: string[] }, MediaLinks[]]
  get_board: [{ shop: string }, Board]
  get_run: [{ shop: string }, Run]
  get_push_key: [Record<string, never>, PushKey]
  get_notice_preferences: [Record<string, never>, NoticeSettings]
  list_trackers: [{ shop: string }, TrackerView[]]
  draw_code: [{ text: string }, CodeView]
  get_ring: [{ shop: string }, RingView]
  list_devices: [Record<string, never>, DeviceView[]]
  preview_change: [PreviewChange, ChangePreview]
  check_receipt_code: [{ order: string; code: string }, { right: boolean }]
  get_change_fees: [{ shop: string }, ChangeFees]
  get_gates: [{ shop: string }, Gates]
  get_making: [{ shop: string }, MakingView]
  get_papers: [{ shop: string; orders: string[]; base?: string }, PaperView[]]
  list_couriers: [{ shop: string }, CourierView[]]
  preview_assign: [{ order: string; courier: string }, AssignPreview]
  suggest_couriers: [{ order: string }, SuggestionView[]]
  preview_run_order: [{ shop: string; courier?: string; orders: string[] }, RunOrderEffect]
  get_assignment: [{ shop: string }, AssignmentView]
  plan_batch: [{ shop: string; orders?: string[] }, BatchView]
  get_batch: [{ shop: string }, BatchView | null]
  plan_handover: [{ shop: string; courier: string; movable?: boolean }, HandoverView]
  get_events: [{ order: string; seqs: number[] }, EventView[]]
  list_products: [{ shop: string }, ProductCard[]]
  list_stems: [{ shop: string }, StemView[]]
  find_stem: [{ shop: string; stem: string }, StemNeed]
  get_stock_out: [{ shop: string }, StockOutView | null]
  get_quick_replies: [{ shop: string; order?: string; role?: Role }, QuickReply[]]
  list_guest_links: [{ order: string }, GuestLinkView[]]
  search_messages: [{ order: string; text: string; limit?: number; before?: number }, MessageHits]
  search_orders: [{ shop: string; text: string; limit?: number }, OrderHits]
  get_call_servers: [{ order: string; call: string }, CallServers]
}

/** The cost of giving an order to a courier, shown before the drop. */
export type AssignPreview = AssignCost

/** A bouquet as the shop wishes it to be: all that is said of it. Prices in fen. */
export interface ProductWish {
  shop: string
  id: string
  name: string
  name_en: string
  price: number
  pictures: string[]
  words: string
  words_en: string
  size: number
  fragile: boolean
  tall: boolean
  available: boolean
  sold_out: boolean
  recipe: Stem[]
  days: number[]
  variants: Variant[]
}

/** A stem is out; with `name`, what is proposed instead on all orders not made yet. */
export interface StockOutWish {
  shop: string
  stem: string
  name?: string
  name_en?: string
  difference?: number
  picture?: string
  words?: string
  minutes?: number
}

/** What a visiting order would do against the one in force. */
export interface RunOrderEffect {
  etas: Record<string, number>
  /** Negative: it is sooner. */
  extra_minutes: number
  late_orders: string[]
  newly_late: string[]
}

/** Commands that leave no event: signals and housekeeping. Not kept in the outbox. */
export interface LightCommands {
  mark: [{ order: string; received: number; read: number }, unknown]
  type: [{ order: string }, unknown]
  report_positions: [{ shop: string; positions: PositionReport[]; sent_at?: number }, { accepted: number; rejected: number }]
  create_guest_link: [{ order: string; role: Role; hours?: number }, { url: string; expires_at: number }]
  revoke_guest_link: [{ order: string; link?: string }, { ended: number }]
  add_push: [{ endpoint: string; p256dh: string; auth: string; app: string }, unknown]
  remove_push: [{ endpoint: string }, unknown]
  try_push: [Record<string, never>, { sent: number }]
  set_notice_preferences: [NoticePreferences, unknown]
  sign_out_device: [{ device: string }, unknown]
  create_tracker: [{ shop: string; courier?: string; name?: string }, { tracker: string; password: string; courier: string }]
  revoke_tracker: [{ shop: string; tracker: string }, unknown]
  set_ring: [{ shop: string; metres: number; minutes: number }, unknown]
  set_change_fees: [{ shop: string; fees: ChangeFees }, unknown]
  set_gates: [{ shop: string; gates: Gates }, unknown]
  set_language: [{ language: string }, unknown]
  set_name: [{ name: string }, { name: string }]
  report_live_position: [
    { order: string; seq: number; point: Point; accuracy_m: number; at: number },
    { accepted: boolean; until: number },
  ]
  set_run_order: [{ shop: string; courier?: string; orders: string[] }, { orders: string[] }]
  start_standing: [{ order: string; days: number[]; until: string }, { standing: string }]
  pause_standing: [{ standing: string; on: boolean }, unknown]
  end_standing: [{ standing: string }, unknown]
  set_slots: [{ shop: string; plan: SlotPlan | null }, unknown]
  set_bike: [{ shop: string; courier: string; places: number; tall: number }, unknown]
  set_assignment: [{ shop: string; automatic: boolean }, { automatic: boolean }]
  apply_batch: [{ job: string }, unknown]
  apply_handover: [
    { shop: string; courier: string; movable?: boolean },
    { applied: number; nobody: string[]; failed: FailedAssign[] },
  ]
  put_product: [ProductWish, { shop: string; product: string }]
  rank_products: [{ shop: string; products: string[] }, unknown]
  report_stock_out: [StockOutWish, { shop: string; job: string; orders: number }]
  stem_back: [{ shop: string; stem: string }, unknown]
  signal_call: [
    { order: string; call: string; to_person: string; to_device: string; from_device: string; kind: string; data: string },
    unknown,
  ]
  /** A telephone call over a number that hides both: the answer says what to dial. */
  call_masked: [{ order: string; to: Role }, MaskedLineView]
  mute_order: [{ order: string; on: boolean }, unknown]
  set_quick_replies: [{ shop: string; role: Role; replies: { key?: string; text: BilingualText }[] }, unknown]
}

export type CommandName = keyof CommandBodies
export type QueryName = keyof Queries
export type LightName = keyof LightCommands

/** The answer of every command of the journal, with what the command itself adds. */
export interface CommandResult {
  shop: string
  seq: number
  at: number
  [more: string]: unknown
}

/** GET /api/info: who serves here, in which city. */
export interface ServerInfo {
  name: string
  version: string
  /** Server time, ms, and how fast it goes (a simulated day may be faster than life). */
  now: number
  speed: number
  city: CityInfo | null
  shops: ShopView[]
  demo: boolean
  time_zone: string
  /** Further addresses of this server. */
  endpoints?: string[]
  /** Where login codes appear: in the answer (a demo), on the server's terminal, or on the phone. */
  codes?: 'shown' | 'terminal' | 'sent'
  demo_logins?: DemoLogin[]
}

export interface CityInfo {
  id: string
  name: string
  name_en?: string
  attribution?: string
  /** west, south, east, north */
  bbox: [number, number, number, number]
  center: Point
  /** Address of the PMTiles file. */
  tiles: string
}

export interface DemoLogin {
  role: string
  name: string
  phone: string
}
