// Package loosejson decodes JSON that vendors write in several forms.
//
// # Answers
//
// [Decode] decodes an answer like encoding/json and, if that fails, by one rule for all
// vendors. The rule depends on the Go type:
//
//   - A text accepts a number, and a number a text that holds one, which must be in
//     range. 1e3 is the text 1000; as an id, a text whose name is id or ends in _id, so
//     is 1000.0.
//   - A whole number accepts a fraction of zero: 12.00.
//   - A boolean accepts 0 and 1, and the texts "0", "1", "true" and "false".
//   - Everything accepts "", [] and {} as no value, which decodes to the zero value.
//   - A list accepts {} and {"0":…,"2":…}, in which PHP writes lists with gaps.
//   - A whole number accepts an object with an id: {"id":5}. So does an id that is
//     a text.
//   - A date may have a space in place of its T, lack a time zone or a time of day, or
//     be an object of PHP; see [Date].
//
// Nothing else is accepted: no boolean for a text, no object for another text, and no
// 20/10/1950, which is ambiguous.
//
// The decoder of a type (UnmarshalJSON) is asked first, with the whole value, or with
// each member of it alone. What it accepts is not drift; what it refuses is converted
// by the type of the Go field. A decoder that accepts {} must accept any part of an
// object that it accepts, and the decoder of an envelope must decode the content with
// [Decode]. Fields with the option string in their tag are left to encoding/json.
//
// The objects that an answer is about are its rows, of the type that
// [Options.Row] names. One that cannot be read, or lacks its id, does not make
// the others unreadable. Their lists are part of them: an element that cannot be
// read makes the row unreadable.
//
// # Values
//
// [String], [ID], [Int], [Bool] and [Strings] decode one value and encode it in its
// plain form. They are for values that a vendor always writes in another form, which
// the rule for answers would read, too, but slowly. The vendor's public type has no
// decoder, which embedding would promote; an answer holds a type around it, whose
// fields hide the public ones:
//
//	type customerWire struct {
//		Customer
//		Mobile loosejson.String `json:"mobile"`
//	}
//
// null decodes to the zero value. Any form that is not documented is an [*Error], which
// names the kinds of value expected and found, never the value itself.
package loosejson
