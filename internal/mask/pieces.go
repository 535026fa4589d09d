package mask

// pieces are parts of long credentials, since a text may hold no more of one: it was cut,
// or broken into lines.
type pieces map[string]struct{}

const (
	pieceSize = 12
	// pieceStep is how far the pieces of a credential are apart, so that one is found in
	// whatever part of it is as long as both.
	pieceStep = 4
	// maxPieced is the longest credential that is looked for in pieces.
	maxPieced = 64 << 10
)

// add adds the pieces of a credential, as it is and in base64. Of one that is hardly
// longer than a piece it adds none.
func (p pieces) add(secret string) {
	if len(secret) < 2*pieceSize || len(secret) > maxPieced {
		return
	}
	p.cut(fold(secret))
	for shift := range 3 {
		p.cut(fold(base64Core(secret, shift)))
	}
}

func (p pieces) cut(text string) {
	for from := 0; from+pieceSize <= len(text); from += pieceStep {
		p[text[from:from+pieceSize]] = struct{}{}
	}
}

// find returns where pieces occur in a text that is folded.
func (p pieces) find(text string) (found []span) {
	if len(p) == 0 {
		return nil
	}
	for from := 0; from+pieceSize <= len(text); from++ {
		if _, ok := p[text[from:from+pieceSize]]; ok {
			found = append(found, span{from, from + pieceSize})
		}
	}
	return found
}
