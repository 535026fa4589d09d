package salla

import "strconv"

// idText identifies a row for a walk.
func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// isID reports whether a text is an id exactly as Salla writes it, so that a store has
// only one token key and one quota.
func isID(text string) bool {
	id, err := strconv.ParseInt(text, 10, 64)
	return err == nil && id > 0 && idText(id) == text
}
