"""When it was not right: the complaint, what is offered and agreed, and the shop's word to a rating."""
