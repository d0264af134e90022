/** What was paid, apart from how far the flowers are. */
export const pay = {
  title: '付款',
  how: '怎么付',
  at_shop: '到店付',
  elsewhere: '另外付(转账等)',
  unpaid: '未付',
  part: '已付 {sum}',
  paid: '已付清',
  refunded_part: '已付 {sum},退回 {back}',
  refunded: '已全部退回 {back}',
  record: '记收款',
  give_back: '记退款',
  amount: '金额(元)',
  reference: '凭据(可不填)',
  reason: '原因(可不填)',
  done: '记下',
}
