package sallatest

import (
	"slices"

	"github.com/souk-go/souk/souktest"
)

func exportCustomers(s *Server, c *call) souktest.Answer {
	kind, _ := c.text("type")
	if kind != "customers" && kind != "customers-sample" {
		return invalid(findings{"type": {textInvalid}})
	}
	s.store.exports = append(s.store.exports, &export{kind: kind, created: c.now})
	return success(object{"message": "سيتم إرسال الملف إلى بريدك الإلكتروني"})
}

// listExports ignores its parameters but event.
func listExports(s *Server, c *call) souktest.Answer {
	data := []object{}
	for _, e := range slices.Backward(s.store.exports) {
		if event := c.query.Get("event"); event != "" && event != e.kind {
			continue
		}
		data = append(data, object{
			"type": e.kind, "user": object{"id": 1771165749, "name": "Test User"}, "created_at": plainDate(e.created), "url": "https://cdn.example.test/export.xlsx",
		})
	}
	return success(data)
}
