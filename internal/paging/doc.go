// Package paging turns the pages of a list into one sequence of rows.
//
// [All] walks a list of any vendor: it keeps the vendor's order, has the next
// page fetched while the caller works on this one, and leaves nothing running
// when the caller stops. [Bisect] walks a list that the vendor cuts off after
// a number of rows, by asking for ever shorter runs of days.
//
// # Lists that change during the walk
//
// A row that is in the list from the beginning of the walk to its end comes
// exactly once. With cursors and keysets the server sees to that. Where pages
// are numbered and the newest row comes first, two things happen:
//
//   - Rows added at the front push others to later pages, which then come
//     again. The ids of the last 8 pages' worth of rows are remembered, and
//     rows among them are dropped. A row that is pushed further than that does
//     come again.
//   - Rows deleted pull others to earlier pages, which have been read already.
//     A falling total gives that away. The page before is then read again, and
//     the one before that if the total fell by more rows than a page has, until
//     a page joins on to the rows that came already. The walk goes on from
//     there. The page that showed the lower total is read once more when its
//     turn comes, because rows may have been added since.
//
// This holds as long as new rows come in at the front. In a list of numbered
// pages that has the oldest row first, a row added at the end hides from the
// total that another was deleted; such a list is better read by a keyset.
//
// Rows that are added or deleted during the walk come once or not at all.
package paging
