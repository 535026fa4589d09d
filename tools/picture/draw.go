package main

import (
	"bytes"
	"fmt"
	"html"
)

// Sizes in pixels.
const (
	width   = 1040
	left    = 170 // of the steps; the loops are left of it
	boxWide = 400
	boxHigh = 52
	gap     = 26
	margin  = 20
	endsAt  = left + boxWide + 50
)

const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" role="img" font-family="system-ui, sans-serif" font-size="13">
<style>
.card { fill: #fff; stroke: #d0d7de }
.box { fill: #eef4fb; stroke: #3b6ea5 }
.name { font-weight: 600; fill: #12324f }
.text { fill: #24292f }
.end { fill: #9a3412 }
.way { fill: none; stroke: #3b6ea5; stroke-width: 1.5 }
.out { fill: none; stroke: #9a3412; stroke-width: 1.2; stroke-dasharray: 4 3 }
.back { fill: none; stroke: #57606a; stroke-width: 1.5 }
</style>
<defs>
<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker>
</defs>
<rect class="card" x="0.5" y="0.5" width="%[3]d" height="%[4]d" rx="8"/>
`

// top returns the upper edge of a step.
func top(i int) int { return margin + i*(boxHigh+gap) }

// draw returns the picture.
func (c chain) draw() []byte {
	var b bytes.Buffer
	high := top(len(c.steps)) - gap + margin
	fmt.Fprintf(&b, head, width, high, width-1, high-1)
	for i, s := range c.steps {
		y := top(i)
		fmt.Fprintf(&b, `<rect class="box" x="%d" y="%d" width="%d" height="%d" rx="6"/>`+"\n", left, y, boxWide, boxHigh)
		text(&b, "name", left+14, y+21, "start", s.name)
		text(&b, "text", left+14, y+40, "start", s.does)
		if i > 0 {
			x := left + boxWide/2
			fmt.Fprintf(&b, `<path class="way" d="M%d %dV%d" marker-end="url(#tip)"/>`+"\n", x, y-gap, y-1)
		}
		if s.end != "" {
			fmt.Fprintf(&b, `<path class="out" d="M%d %dH%d" marker-end="url(#tip)"/>`+"\n", left+boxWide, y+boxHigh/2, endsAt-8)
			text(&b, "end", endsAt, y+boxHigh/2+4, "start", s.end)
		}
	}
	for _, l := range c.again {
		from, to := top(l.from)+boxHigh/2, top(l.to)+boxHigh/2
		fmt.Fprintf(&b, `<path class="back" d="M%d %dH%dV%dH%d" marker-end="url(#tip)"/>`+"\n", left, from, left-25, to, left-1)
		lines := wrap(l.when, 17)
		for i, line := range lines {
			text(&b, "text", left-33, (from+to)/2+16*i-8*len(lines)+12, "end", line)
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func text(b *bytes.Buffer, class string, x, y int, anchor, s string) {
	fmt.Fprintf(b, `<text class="%s" x="%d" y="%d" text-anchor="%s">%s</text>`+"\n", class, x, y, anchor, html.EscapeString(s))
}
