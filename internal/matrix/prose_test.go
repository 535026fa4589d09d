package matrix

const introduction = `# Faults

What your program gets when a store, or something before it, answers wrongly, late or not at all, and how often the call
was sent. Nobody has written this table: ` + "`go test ./internal/matrix -update`" + ` has measured it, with every vendor, in memory and
over TCP, and the ordinary test compares it.

A status code proves nothing, since proxies, firewalls and log-in pages send status codes, too. An answer counts when it
has the form that this vendor gives this operation: an object with its id, a list with its end mark, a number, the
vendor's acknowledgement, or its own refusal. Everything else is as good as no answer:

- What changes nothing, or ends in the same state when it is done twice, is sent again: at most four times
  (` + "`Options.MaxAttempts`" + `), after the answer's Retry-After or a random wait. All other calls are not, unless it is certain
  that the store has not got them.
- Where it is not known whether the store has done what it was asked, the error is ` + "`ErrOutcomeUnknown`" + `, whatever else it is.
- An answer that is not the vendor's is ` + "`ErrUnreadable`" + `, and the message says what came.
- "Not found" to the repeat of a delete, in the vendor's own form, is success: the first attempt has done it.

After each of these calls the test compares what the caller was told with what stands in the store, also when eight call
at once. There is nobody twice whom one call has created, nothing has happened of which the caller was not told, no list
is short without an error, and nothing is "deleted" that is there.

## What counts as the vendor's own

| | success without a result | refusal | "not found" |
| --- | --- | --- | --- |
| salla | ` + "`success`" + ` is true, whatever else; 204 without a body | ` + "`success`" + ` is false, ` + "`error`" + ` is an object, or ` + "`status`" + ` is 400 or more; OAuth's ` + "`error`" + ` with 400 and 401 | a refusal with 404 as status or code |
| commercengine | ` + "`success`" + ` is true | ` + "`success`" + ` is false with a message, or a code with a message | the code ` + "`not_found`" + `, or 404 with ` + "`success`" + ` false |
| shopline | what the operation promises: ` + "`customer`, `{}`" + `, or anything but a failure | ` + "`errors`" + `, or a code with a message; 402, 423 and 433 to 436 in any form | 404 with ` + "`errors`" + ` |
| shoplazza | ` + "`{}`" + `, or the code ` + "`Success`" + ` | ` + "`errors`" + `, or ` + "`error`" + ` as text; from 2025-06 on also with 500, if it is one that is known to refuse | ` + "`errors`" + ` with the words "not found", and 404, 400 or 500 |
| xclade | ` + "`deleted`" + ` is true, and the id that was asked for | ` + "`type`" + ` with a message; Unauthorized; 431 without a body | the type ` + "`not_found`" + ` |

Two of these can be sent by others in the vendor's place, and are believed: a 204 to a delete of Salla's, and ` + "`{}`" + ` to the
first page of a list of Shoplazza's from 2025-06 on, which leaves out what is empty.
`

const (
	onceHeading = `
## Once

The first answer is of this kind, and the store answers from then on. ` + "`Ensure`" + ` counts the creations that it sends.

`
	alwaysHeading = `
## Always

Every answer is of this kind.

`
	oddHeading = `
## Odd input

What a server may send that is beside itself, as its answer to every attempt, over TCP.

| what comes | Get, List | Create | message |
| --- | --- | --- | --- |
`
)

var headings = map[times]string{onceOnly: onceHeading, always: alwaysHeading}

// summaryOf are the lines of the table in docs/errors.md, and the rows that they sum up.
var summaryOf = []struct{ what, row string }{
	{"no connection", noConnection},
	{"429 of anybody", of429},
	{"5xx of the vendor's, 408 and 503 of anybody, an answer lost or cut off", of503},
	{"any other 2xx, 300 to 303, 404, 409, 410 or 5xx that is not the vendor's", of5xx},
	{"any other 4xx that is not the vendor's", of4xx},
	{"the vendor's own refusal", ownRefusal},
}
