package matrix

const introduction = `# Faults

What your program gets if a store, or a server in between, answers wrongly, late or not at all, and how often the call was
sent. This table is measured by ` + "`go test ./internal/matrix -update`" + `, with every vendor, in memory and over TCP, and compared
by the ordinary test.

A status code proves nothing, since proxies, firewalls and log-in pages send status codes, too. An answer counts only if it
has the vendor's form for this operation: an object with its id, a list with its end mark, a number, the vendor's
acknowledgement, or its own refusal. Everything else counts as no answer:

- A call that changes nothing, or is idempotent, is sent again: at most four times (` + "`Options.MaxAttempts`" + `), after the
  answer's Retry-After or a random wait. Other calls are not, unless it is certain that the store did not receive them.
- If it is not known whether the store has carried out a write, the error is also ` + "`ErrOutcomeUnknown`" + `.
- An answer that is not the vendor's is ` + "`ErrUnreadable`" + `, and the message describes it.
- An answer with the id of another object is ` + "`ErrUnreadable`" + ` too: a cache or a proxy may have sent somebody else's. A number
  and its text are the same id, and so are ids that differ only in leading zeros, letter case or the hyphens of a UUID.
- "Not found" in the vendor's own form to the repeat of a delete is success: an earlier attempt has deleted it.

After each of these calls, the test compares the result with the content of the store, even for eight calls at once. No call
creates a customer twice, nothing happens without the caller's knowledge, no list is incomplete without an error, and nothing
is reported as deleted that still exists.

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

Odd answers, each as the answer to every attempt, over TCP.

| what comes | Get, List | Create | message |
| --- | --- | --- | --- |
`
)

// fuzzed is what [scripts/fuzz] came to, which no test repeats.
const fuzzed = `
## Fuzzing

The decoders were fuzzed for ten minutes each (` + "`scripts/fuzz 10m`" + `), by one worker on a busy machine. No input made one panic
or broke what its test asserts. The gate fuzzes each for three seconds, and runs all committed inputs.

| decoder | inputs tried | of these reached something new |
| --- | --- | --- |
| shopline ` + "`FuzzErrorBody`" + ` | 387,217 | 74 |
| internal/loosejson ` + "`FuzzUnmarshal`" + ` | 1,145,755 | 108 |
| internal/loosejson ` + "`FuzzFields`" + ` | 1,431,589 | 136 |
| internal/webhook ` + "`FuzzDecodeSignature`" + ` | 1,937,189 | 40 |
| internal/paging ` + "`FuzzPosition`" + ` | 810,204 | 46 |
| salla ` + "`FuzzParseDelivery`" + ` | 1,319,456 | 95 |
| shopline ` + "`FuzzParseCallback`" + ` | 1,965,124 | 25 |
| shopline ` + "`FuzzLinkHeader`" + ` | 1,426,563 | 69 |
| shoplazza ` + "`FuzzParseDelivery`" + ` | 51,293 | 15 |
| xclade ` + "`FuzzAnswers`" + ` | 18,195 | 27 |
`

var headings = map[times]string{onceOnly: onceHeading, always: alwaysHeading}

// summaryOf are the lines of the table in docs/errors.md, and the rows that they sum up.
var summaryOf = []struct{ what, row string }{
	{"no connection", noConnection},
	{"429 from anyone", of429},
	{"5xx from the vendor, 408 and 503 from anyone, an answer lost or cut off", of503},
	{"any other 2xx, 300 to 303, 404, 409, 410 or 5xx that is not from the vendor", of5xx},
	{"any other 4xx that is not from the vendor", of4xx},
	{"the vendor's own refusal", ownRefusal},
}
