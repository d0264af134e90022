"""The one door of this room: what people wish of notices, and the machinery that tells them."""

import hashlib
import hmac
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from huaxin.journal.model import Record, Rejected
from huaxin.notify import commands as c
from huaxin.notify import words
from huaxin.notify.channels import Letter, StaffSender, TextSender, Unsent
from huaxin.notify.follower import Follower
from huaxin.notify.guard import NotAllowed, check_endpoint
from huaxin.notify.ladder import Ladder, Ready, Teller, Verdict
from huaxin.notify.model import (
    APPS,
    APPS_OF,
    CHANNELS,
    NoticePreferences,
    Step,
    Subscription,
    Urgency,
)
from huaxin.notify.ports import FindMarks, FindOrder, Journals, Persons, Raise, See
from huaxin.notify.push import BadSubscription, Vapid, decode64, encode64, read_keys
from huaxin.notify.quiet import is_zone
from huaxin.notify.reach import Reach
from huaxin.notify.sender import Outcome, PushSender
from huaxin.notify.store import NotifyStore
from huaxin.orders.model import Order
from huaxin.people import tokens
from huaxin.people.model import Principal
from huaxin.storage.port import Database

log = logging.getLogger(__name__)
KEPT_MS = 35 * 24 * 3_600_000
_MOST_DEVICES = 20
_APP_PATHS = {
    "buyer": "/buyer/orders/",
    "guest": "/buyer/orders/",
    "courier": "/courier/orders/",
    "shop": "/shop/orders/",
}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    secret: str
    contact: str  # mailto: or https: of whoever runs this server, shown to push services
    private: bool = False  # endpoints in this network and without HTTPS: for tests


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What the house gives."""

    db: Database
    journal: Journals
    people: Persons
    find: FindOrder
    marks: FindMarks
    see: See
    received: Raise
    clock: Callable[[], int]
    speed: Callable[[], float]
    real_ms: Callable[[], int]
    public_url: Callable[[], str]


class Notify(Teller):
    """One per node. `texts`: SMS and WeChat senders, `staff`: the sender to shops' group chats."""

    def __init__(
        self,
        needs: Needs,
        settings: Settings,
        texts: Sequence[TextSender] = (),
        staff: StaffSender | None = None,
    ) -> None:
        self._needs, self._settings = needs, settings
        self._texts, self._staff = {one.name: one for one in texts}, staff
        self.store = NotifyStore(needs.db)
        self.reach = Reach(self.store, needs.people, staff, bool(texts), needs.real_ms)
        self.ladder = Ladder(
            self.store, needs.journal, needs.people, needs.find, needs.marks, needs.see, self,
            needs.clock, needs.speed,
        )  # fmt: skip
        self.follower = Follower(needs.journal, self.store, self.reach, needs.find, self._decided)
        self._vapid: Vapid | None = None
        self._sender: PushSender | None = None

    async def start(self, shops: Sequence[str]) -> None:
        await self.open()
        await self.follower.start(shops)
        await self.ladder.start()

    async def open(self) -> None:
        """The server's key, made at the first start."""
        if self._sender is None:
            key = await self.store.push_key(self._settings.secret)
            self._vapid = Vapid(key, self._settings.contact, lambda: self._needs.real_ms() // 1000)
            self._sender = PushSender(self._vapid, private=self._settings.private)

    async def stop(self) -> None:
        await self.follower.stop()
        await self.ladder.stop()
        if self._sender is not None:
            await self._sender.close()

    async def sweep(self) -> None:
        await self.store.forget(self._needs.clock() - KEPT_MS)

    def on_record(self, record: Record, order: Order) -> None:
        self.follower.on_record(record, order)

    def _decided(self, steps: list[Step]) -> None:
        if steps:
            self.ladder.expect(min(step.due_at for step in steps))

    # what people wish

    async def get_push_key(self, who: Principal, args: Any) -> c.PushKey:
        await self.open()
        assert self._vapid is not None
        return c.PushKey(key=self._vapid.public)

    async def add_push(self, who: Principal, wish: c.AddPush) -> dict[str, Any]:
        """Raises Rejected push.endpoint, push.keys, push.app (422)."""
        if wish.app not in APPS:
            raise Rejected("push.app", "There is no such application.", wish.app, status=422)
        try:
            check_endpoint(wish.endpoint, private=self._settings.private)
        except NotAllowed as wrong:
            sentence = "This push address cannot be used."
            raise Rejected("push.endpoint", sentence, str(wrong), status=422) from wrong
        try:
            read_keys(wish.p256dh, wish.auth)
        except BadSubscription as wrong:
            raise Rejected(
                "push.keys", "The browser's keys are not right.", str(wrong), status=422
            ) from wrong
        now = self._needs.real_ms()
        known = await self.store.subscriptions(who.person, now)
        one = Subscription(
            id=subscription_id(wish.endpoint, wish.app),
            endpoint=wish.endpoint,
            p256dh=wish.p256dh,
            auth=wish.auth,
            person=who.person,
            device=who.device,
            app=wish.app,
            created_at=now,
        )
        others = [sub for sub in known if sub.id != one.id]
        for old in others[: max(0, len(others) - _MOST_DEVICES + 1)]:
            await self.store.drop_subscription(old.id)
        # A browser has one subscription an application; nobody listens to its older one any more.
        for old in others:
            if old.device == who.device and old.app == wish.app:
                await self.store.drop_subscription(old.id)
        await self.store.put_subscription(one)
        await self.reach.look(fresh=True)
        return {"pushes": True}

    async def remove_push(self, who: Principal, wish: c.RemovePush) -> dict[str, Any]:
        for app in APPS:
            await self.store.drop_subscription(subscription_id(wish.endpoint, app), who.person)
        await self.reach.look(fresh=True)
        return {"pushes": False}

    async def get_notice_preferences(self, who: Principal, args: Any) -> c.NoticeSettings:
        devices = await self.store.subscriptions(who.person, self._needs.real_ms())
        return c.NoticeSettings(
            preferences=await self.store.preferences(who.person),
            available=[name for name in CHANNELS if name == "push" or name in self._texts],
            devices=len(devices),
        )

    async def set_notice_preferences(self, who: Principal, wish: c.SetNoticePreferences) -> dict[str, Any]:
        """Raises Rejected notice.channel, notice.time_zone (422)."""
        if wish.time_zone and not is_zone(wish.time_zone):
            raise Rejected("notice.time_zone", "There is no such time zone.", wish.time_zone, status=422)
        for name in wish.channels:
            if name not in CHANNELS:
                raise Rejected("notice.channel", "There is no such channel.", name, status=422)
        fields = {name: getattr(wish, name) for name in NoticePreferences.__struct_fields__}
        fields["channels"] = [name for name in CHANNELS if name in wish.channels]
        await self.store.set_preferences(who.person, NoticePreferences(**fields))
        return {"saved": True}

    async def try_push(self, who: Principal, wish: c.TryPush) -> dict[str, Any]:
        """How many devices the push services took it for."""
        await self.open()
        assert self._sender is not None
        sent = 0
        for sub in await self.store.subscriptions(who.person, self._needs.real_ms()):
            language = who.language if not sub.language else sub.language
            payload = words.Payload(
                title=words.pick(words.TRY_TITLE, language),
                body=words.pick(words.TRY, language),
                tag="try",
                url=_APP_PATHS[sub.app].removesuffix("orders/"),
                at=self._needs.real_ms(),
                lang=language,
                kind="try",
            )
            answer = await self._sender.send(
                sub, payload, ttl_s=60, urgency=Urgency.urgent, topic=f"try:{who.person}"
            )
            if answer.outcome is Outcome.gone:
                await self.store.drop_subscription(sub.id)
            sent += answer.outcome is Outcome.sent
        return {"sent": sent}

    async def received(self, receipt: str) -> bool:
        """A device showed a push: it has received everything up to there. False for a receipt not ours."""
        order, seq, person, role = read_receipt(self._settings.secret, receipt) or ("", 0, "", "")
        if not order:
            return False
        await self._needs.received(order, person, role, seq)
        return True

    # Teller

    async def push(self, ready: Ready) -> Verdict:
        await self.open()
        assert self._sender is not None
        step = ready.step
        found = await self.store.subscriptions(step.person, self._needs.real_ms(), APPS_OF[step.role])
        if step.target:
            found = [sub for sub in found if sub.id == step.target]
        if not found:
            return Verdict("skipped", why="no device")
        person = None if step.person.startswith("guest:") else await self._needs.people.person(step.person)
        sent, failures, wait_s, later = 0, [], 0, []
        for sub in found:
            language = person.language if person is not None else sub.language or "zh-CN"
            ttl_s = max(1, (step.good_until - self._needs.clock()) // 1_000)
            answer = await self._sender.send(
                sub, self._payload(ready, sub, language), ttl_s=ttl_s, urgency=step.urgency,
                topic=f"{step.order_id}:{step.person}:{sub.app}",
            )  # fmt: skip
            sent += answer.outcome is Outcome.sent
            if answer.outcome is Outcome.gone:
                await self.store.drop_subscription(sub.id)
            elif answer.outcome is Outcome.later:
                later.append(sub.id)
                wait_s = max(wait_s, answer.wait_s)
            if answer.why:
                failures.append(answer.why)
        why = "; ".join(failures)
        if not later:
            return Verdict("sent" if sent else "failed", via="push", why=why)
        if not sent and len(found) == len(later):
            return Verdict("due", via="push", why=why, wait_s=wait_s)
        await self._try_again(step, later, wait_s)
        return Verdict("sent" if sent else "failed", via="push", why=why)

    async def _try_again(self, step: Step, targets: list[str], wait_s: int) -> None:
        """The devices that did not get it yet, each as a step of its own."""
        due_at = self._needs.clock() + (wait_s or 20) * 1_000
        if due_at > step.good_until:
            return
        for target in targets:
            await self.store.add(msgspec.structs.replace(step, target=target, due_at=due_at, tries=1))
        self.ladder.expect(due_at)

    def _payload(self, ready: Ready, sub: Subscription, language: str) -> words.Payload:
        step, order = ready.step, ready.order
        said = words.say(
            ready.seen, order.number, order.shop_name, language, preview=ready.preferences.preview
        )
        return words.Payload(
            title=said.title,
            body=said.body,
            tag=f"order:{order.id}",
            url=_APP_PATHS[sub.app] + order.id,
            at=step.at,
            lang=language,
            kind=step.kind,
            order=order.id,
            seq=step.seq,
            urgent=step.urgency is Urgency.urgent,
            receipt=make_receipt(self._settings.secret, step),
        )

    async def text(self, ready: Ready) -> Verdict:
        """The first channel the person wishes and the server has; the next of them when it refuses."""
        step, failures = ready.step, []
        person = await self._needs.people.person(step.person)
        if person is None:
            return Verdict("skipped", why="nobody")
        letter = Letter(
            person=person.id,
            phone=person.phone,
            language=person.language,
            template=step.kind,
            text=words.say_plainly(ready.seen, step.kind, ready.speaker, ready.order.number, person.language),
            url=self._url(_APP_PATHS[step.role] + ready.order.id),
        )
        for name in ready.preferences.channels:
            sender = self._texts.get(name)
            if sender is None:
                continue
            try:
                await sender.send(letter)
                return Verdict("sent", via=name)
            except Unsent as refusal:
                if refusal.wait_s:
                    return Verdict("due", why=refusal.why, wait_s=refusal.wait_s)
                failures.append(f"{name}: {refusal.why}")
        return Verdict("failed" if failures else "skipped", why="; ".join(failures) or "no channel")

    async def staff(self, ready: Ready) -> Verdict:
        step, order = ready.step, ready.order
        if self._staff is None or not self._staff.reaches(step.shop):
            return Verdict("skipped", why="no channel")
        text = words.say_plainly(ready.seen, step.kind, ready.speaker, order.number, "zh-CN")
        url = self._url(_APP_PATHS["shop"] + order.id)
        try:
            await self._staff.send(step.shop, order.shop_name or "花信", f"{text} {url}".strip())
        except Unsent as refusal:
            return Verdict("due" if refusal.wait_s else "failed", why=refusal.why, wait_s=refusal.wait_s)
        return Verdict("sent", via="apprise")

    def _url(self, path: str) -> str:
        base = self._needs.public_url()
        return base + path if base else ""


def subscription_id(endpoint: str, app: str) -> str:
    return encode64(hashlib.sha256(f"{app} {endpoint}".encode()).digest())[:32]


def make_receipt(secret: str, step: Step) -> str:
    """What a device gives back when it has shown a push: names the mark it moves, and is signed."""
    named = encode64(msgspec.json.encode([step.order_id, step.seq, step.person, step.role]))
    return f"{named}.{tokens.digest(secret, 'receipt', named)[:22]}"


def read_receipt(secret: str, receipt: str) -> tuple[str, int, str, str] | None:
    """(order, seq, person, role), or None."""
    named, _, proof = receipt.partition(".")
    if not hmac.compare_digest(tokens.digest(secret, "receipt", named)[:22].encode(), proof.encode()):
        return None
    try:
        return msgspec.json.decode(decode64(named), type=tuple[str, int, str, str])
    except (ValueError, msgspec.MsgspecError):
        return None
