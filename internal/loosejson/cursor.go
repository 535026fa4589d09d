package loosejson

import "bytes"

// cursor goes over JSON, which must be valid.
type cursor struct {
	data []byte
	at   int
}

// peek returns the byte that the next value begins with.
func (c *cursor) peek() byte {
	for {
		switch b := c.data[c.at]; b {
		case ' ', '\t', '\r', '\n':
			c.at++
		default:
			return b
		}
	}
}

// open enters an object or a list.
func (c *cursor) open() {
	c.peek()
	c.at++
}

// more goes to the next element or member, or leaves the list or object at its
// end.
func (c *cursor) more() bool {
	switch c.peek() {
	case ']', '}':
		c.at++
		return false
	case ',':
		c.at++
		c.peek()
	}
	return true
}

// key returns the name of a member, in quotes, and goes to its value.
func (c *cursor) key() []byte {
	key := c.skip()
	c.peek()
	c.at++ // the colon
	c.peek()
	return key
}

// skip returns the next value and goes behind it.
func (c *cursor) skip() []byte {
	c.peek()
	start := c.at
	switch c.data[c.at] {
	case '"':
		c.skipText()
	case '{', '[':
		c.skipNested()
	default:
		c.skipWord()
	}
	return c.data[start:c.at]
}

// skipWord goes behind a number, true, false or null.
func (c *cursor) skipWord() {
	for ; c.at < len(c.data); c.at++ {
		switch c.data[c.at] {
		case ',', ']', '}', ' ', '\t', '\r', '\n':
			return
		}
	}
}

func (c *cursor) skipText() {
	for c.at++; c.data[c.at] != '"'; c.at++ {
		if c.data[c.at] == '\\' {
			c.at++
		}
	}
	c.at++
}

func (c *cursor) skipNested() {
	for depth := 0; ; c.at++ {
		switch c.data[c.at] {
		case '"':
			c.skipText()
			c.at--
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				c.at++
				return
			}
		}
	}
}

// member returns the last member of an object with this name, nil if there is
// none.
func member(object []byte, name string) []byte {
	var found []byte
	c := cursor{data: object}
	for c.open(); c.more(); {
		key := c.key()
		value := c.skip()
		if string(key[1:len(key)-1]) == name {
			found = value
		}
	}
	return found
}

// isNone reports whether a value is one of the forms in which PHP and others write no
// value: a blank text, an empty list or an empty object.
func isNone(raw []byte) bool {
	switch raw[0] {
	case '"', '[', '{':
		return len(bytes.TrimSpace(raw[1:len(raw)-1])) == 0
	}
	return false
}
