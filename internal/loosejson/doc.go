// Package loosejson decodes what vendors spell in several ways.
//
// # Answers
//
// [Decode] decodes an answer as encoding/json does, and where that fails by one
// rule for all vendors. The rule goes by the Go type:
//
//   - A text takes a number, and a number the text of one, which must be in range.
//   - A whole number takes a fraction of zero: 12.00.
//   - A boolean takes 0 and 1, and as texts these, true and false.
//   - Everything takes "", [] and {} for none, which is the zero value.
//   - A list takes {} and {"0":…,"2":…}, as PHP writes lists with gaps.
//   - A whole number takes an object for its id: {"id":5}. So does a text that is
//     named id or ends in _id.
//   - A date takes a blank for its T, lacks a zone or a time of day, or is an
//     object of PHP's; see [Date].
//
// Nothing else is taken: no boolean for a text, no object for another text, and
// no 20/10/1950, which can be read in two ways.
//
// A type with a decoder of its own (UnmarshalJSON) is asked first, with the whole
// value, or with each member of it alone. What it takes is not drift; what it
// refuses is spelled anew by the type of the Go field. A decoder that takes {} is
// expected to take any part of an object that it takes, and one of an envelope
// to decode what it holds with [Decode]. Fields with the option string in their
// tag are left to encoding/json.
//
// The objects that an answer is about are its rows, of the type that
// [Options.Row] names. One that cannot be read, or lacks its id, does not make
// the others unreadable. Their lists are part of them: an element that cannot be
// read makes the row unreadable.
//
// # Values
//
// [String], [Int], [Bool], [List] and [Strings] decode one value and encode back in
// its plain spelling. They are for what a vendor always spells so, which the rule for
// answers would read, too, but slowly. The vendor's public type stays plain, without a
// decoder, which embedding would promote; an answer holds a type around it, whose
// fields hide those of the public one:
//
//	type customerWire struct {
//		Customer
//		Mobile loosejson.String `json:"mobile"`
//	}
//
// null decodes to the zero value. Any other spelling than the documented ones
// is an [*Error], which names the kinds of value expected and found, never the
// value itself.
package loosejson
