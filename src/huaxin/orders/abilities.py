"""Which small file answers which command."""

from huaxin.journal.model import Command, Decision
from huaxin.orders import (
    agreeing,
    alerts,
    bouquet,
    changes,
    deciding,
    incidents,
    moves,
    payments,
    proof,
    substitution,
)
from huaxin.orders import commands as c
from huaxin.orders.decide import Ability, decide
from huaxin.orders.model import Order
from huaxin.orders.place import place
from huaxin.orders.recipient import commands as rc
from huaxin.orders.recipient import decide as recipient
from huaxin.orders.remedies import commands as mc
from huaxin.orders.remedies import decide as remedies

ABILITIES: dict[type, Ability] = {
    c.ConfirmOrder: moves.confirm,
    c.StartMaking: moves.simple("start_making"),
    c.MarkReady: moves.mark_ready,
    c.ShowBouquet: bouquet.show,
    c.AnswerBouquet: bouquet.answer,
    c.AssignCourier: moves.assign,
    c.PickUp: moves.pick_up,
    c.SetOff: moves.simple("set_off"),
    c.MarkArriving: moves.mark_arriving,
    c.MarkArrived: moves.mark_arrived,
    c.Deliver: proof.deliver,
    c.Rate: moves.rate,
    c.CancelOrder: moves.cancel,
    c.FailDelivery: moves.fail,
    c.RetryDelivery: moves.told("retry_delivery", "retry"),
    c.StartReturn: moves.told("start_return", "returning"),
    c.ConfirmReturn: moves.told("confirm_return", "returned"),
    c.AskChange: changes.ask,
    c.AnswerChange: agreeing.answer,
    c.CounterChange: agreeing.counter,
    c.ExpireChange: changes.expire,
    c.WithdrawChange: changes.withdraw,
    c.AgreeTime: changes.agree_time,
    c.ReportIncident: incidents.report,
    c.ResolveIncident: incidents.resolve,
    c.DecideIncident: deciding.decide,
    c.AdvanceIncident: deciding.advance,
    c.ReportSlipping: incidents.slipping,
    c.ClosePrivacy: incidents.close_privacy,
    c.UndoLast: incidents.undo,
    c.ConfirmStop: alerts.confirm_stop,
    c.AnswerAlert: alerts.answer,
    c.RaiseAlert: alerts.raise_,
    c.EscalateAlert: alerts.escalate,
    c.CloseAlert: alerts.close,
    c.ProposeSubstitute: substitution.propose,
    c.AnswerSubstitute: substitution.answer,
    c.WithdrawSubstitute: substitution.withdraw,
    c.RefundLine: substitution.refund_line,
    c.SettleSubstitute: substitution.settle,
    c.DecideSubstitute: substitution.decide,
    c.RecordPayment: payments.pay,
    c.RecordRefund: payments.refund,
    rc.SetContact: recipient.set_contact,
    rc.OpenContact: recipient.open_contact,
    rc.PreferTime: recipient.prefer_time,
    rc.AnswerPreference: recipient.answer_preference,
    rc.HelpGate: recipient.help_gate,
    rc.Thank: recipient.thank,
    mc.Complain: remedies.complain,
    mc.ProposeRemedy: remedies.propose,
    mc.AnswerRemedy: remedies.answer,
    mc.WithdrawComplaint: remedies.withdraw,
    mc.AnswerRating: remedies.answer_rating,
}


def decide_order(order: Order | None, command: Command, now: int) -> Decision:
    """Raises Rejected."""
    if isinstance(command.body, c.PlaceOrder):
        return place(order, command, command.body, now)
    return decide(order, command, now, ABILITIES)
