// Package paging turns the pages of a list into one sequence of rows, and knows
// where a walk through it stands.
//
// How a list is paged is one of the types that implement [List]:
//
//	Keyset    the rows behind an id, in the order of ids
//	Offset    the rows behind so many others, in the order of ids
//	Cursor    each page names the next one
//	Numbers   numbered pages, with a total or without, with ids or without
//	Days      numbered pages of a list that the server cuts, by runs of days
//	Fallback  one way at newer servers, another at older ones
//
// A [Walker] goes through a list: it keeps the server's order, has the next page
// fetched while the caller works on this one, leaves nothing running when the
// caller stops, and makes a position of the place that it has come to.
//
// # Lists that change during the walk
//
// A row that is in the list from the beginning of a loop to its end, and keeps its
// place in the order, comes exactly once. With ids and cursors the server sees to
// that. Where pages are numbered and the newest row comes first, two things happen:
//
//   - Rows added at the front push others to later pages, which then come
//     again. The rows of the last 8 pages are remembered, and those among them are
//     dropped. A row that is pushed further than that does come again.
//   - Rows deleted pull others to earlier pages, which have been read already.
//     A falling total gives that away. The page before is then read again, and
//     the one before that if the total fell by more rows than a page has, until
//     a page joins on to the rows that came already. The walk goes on from
//     there. The page that showed the lower total is read once more when its
//     turn comes, because rows may have been added since.
//
// This holds as long as new rows come in at the front. In a list of numbered
// pages that has the oldest row first, a row added at the end hides from the
// total that another was deleted; such a list is better read by ids.
//
// Rows that are added or deleted during the walk come once or not at all.
//
// # Lists that change between two walks
//
// A position holds what the way of paging needs to go on: an id, an offset, a
// cursor, the number of a page, a day, and for lists whose rows have to be found
// again the numbers of the last 100 rows. Such a list is read from a page on that
// shows one of these rows, the anchors: all rows before it came, or are new. Where
// no page does, it is read from the beginning. So rows may come again, but none is
// missed.
//
// # Ends
//
// Only the server's end mark ends a list. A page that is empty or short while the
// server promises more is asked for again, and then is an error; so is an end
// before the total, and a list that brings the same rows over and over. Whether an
// answer has its mark at all is for Fetch to see.
package paging
