package xclade

import (
	"strconv"
	"strings"
)

// maxRepeats is the largest number of repeats that PostgreSQL accepts.
const maxRepeats = 255

// regexpProblem says what PostgreSQL, which evaluates the server's regular expressions,
// would refuse, "" for nothing. It finds common mistakes, and syntax that Go accepts
// and PostgreSQL does not. Expressions that begin by choosing another syntax are not
// checked.
func regexpProblem(pattern string) string {
	if strings.HasPrefix(pattern, "***") {
		return ""
	}
	if options, rest, ok := leadingOptions(pattern); ok {
		if strings.ContainsAny(options, "beqx") {
			return ""
		}
		pattern = rest
	}
	s := scanner{rest: pattern}
	for s.rest != "" {
		if wrong := s.next(); wrong != "" {
			return wrong
		}
	}
	if s.open > 0 {
		return unbalanced
	}
	return ""
}

const (
	unbalanced = "has parentheses or brackets that are not balanced"
	noOperand  = "has a quantifier with nothing before it that it could repeat"
	badEscape  = "has a backslash before something that has no meaning with one"
	badGroup   = `has a group that begins with "(?" and none of ":", "=", "!", "<=", "<!" and "#"`
	badCount   = "has a number of repeats that is not one of 0 to 255, or not two in ascending order"
	badRange   = "has brackets with a range that ends before it begins, or with an unknown class"
)

// leadingOptions splits off options such as (?i).
func leadingOptions(pattern string) (options, rest string, ok bool) {
	inner, ok := strings.CutPrefix(pattern, "(?")
	if !ok {
		return "", "", false
	}
	options, rest, ok = strings.Cut(inner, ")")
	return options, rest, ok && strings.Trim(options, "bceimnpqstwx") == ""
}

// scanner reads a regular expression.
type scanner struct {
	rest    string
	open    int  // groups that have not ended
	groups  int  // groups that can be referred to
	operand bool // a quantifier may follow
}

// next reads one part and returns what is wrong with it.
func (s *scanner) next() string {
	c := s.rest[0]
	switch {
	case c == '\\':
		return s.escape()
	case c == '[':
		return s.brackets()
	case c == '(':
		return s.group()
	case c == '{' && len(s.rest) > 1 && isDigit(s.rest[1]):
		return s.repeats()
	}
	s.rest = s.rest[1:]
	switch c {
	case ')':
		s.open--
		s.operand = true
		if s.open < 0 {
			return unbalanced
		}
	case '*', '+', '?':
		return s.quantified()
	default:
		s.operand = !strings.ContainsRune("|^$", rune(c))
	}
	return ""
}

// quantified reads the end of a quantifier: an optional question mark makes it
// non-greedy.
func (s *scanner) quantified() string {
	if !s.operand {
		return noOperand
	}
	s.rest = strings.TrimPrefix(s.rest, "?")
	s.operand = false
	return ""
}

func (s *scanner) repeats() string {
	bounds, rest, ok := strings.Cut(s.rest[1:], "}")
	least, most, two := strings.Cut(bounds, ",")
	if !ok || !isCount(least) || most != "" && !isCount(most) || two && most != "" && count(most) < count(least) {
		return badCount
	}
	s.rest = rest
	return s.quantified()
}

func (s *scanner) group() string {
	s.open++
	s.operand = false
	inner, special := strings.CutPrefix(s.rest, "(?")
	if !special {
		s.groups++
		s.rest = s.rest[1:]
		return ""
	}
	if comment, ok := strings.CutPrefix(inner, "#"); ok {
		_, rest, ended := strings.Cut(comment, ")")
		if !ended {
			return unbalanced
		}
		s.open--
		s.rest = rest
		return ""
	}
	for _, kind := range []string{":", "=", "!", "<=", "<!"} {
		if rest, ok := strings.CutPrefix(inner, kind); ok {
			s.rest = rest
			return ""
		}
	}
	return badGroup
}

func (s *scanner) escape() string {
	if len(s.rest) < 2 {
		return badEscape
	}
	c := s.rest[1]
	s.rest = s.rest[2:]
	s.operand = !strings.ContainsRune("AmMyYZ", rune(c))
	known := !isLetter(c) || strings.ContainsRune("abBcdDefmMnrsStuUvwWxyYAZ", rune(c))
	reference := c >= '1' && c <= '9' && (s.rest == "" || !isDigit(s.rest[0]))
	if !known || reference && int(c-'0') > s.groups {
		return badEscape
	}
	return ""
}

// brackets reads [abc], in which a class such as [:alpha:] counts as one character.
func (s *scanner) brackets() string {
	if strings.HasPrefix(s.rest, "[[:<:]]") || strings.HasPrefix(s.rest, "[[:>:]]") { // the ends of a word
		s.rest = s.rest[len("[[:<:]]"):]
		return ""
	}
	rest := strings.TrimPrefix(s.rest[1:], "^")
	for first := true; ; first = false {
		if rest == "" {
			return unbalanced
		}
		if rest[0] == ']' && !first {
			break
		}
		low, after, wrong := element(rest)
		if wrong != "" {
			return wrong
		}
		if strings.HasPrefix(after, "-") && len(after) > 1 && after[1] != ']' {
			high, behind, wrong := element(after[1:])
			if wrong != "" {
				return wrong
			}
			if len(low) == 1 && len(high) == 1 && low > high {
				return badRange
			}
			after = behind
		}
		rest = after
	}
	s.rest = rest[1:]
	s.operand = true
	return ""
}

// element returns the first element within brackets: a character, or a longer text for
// anything else.
func element(in string) (text, rest, wrong string) {
	if in[0] == '\\' {
		n := min(2, len(in))
		return in[:n], in[n:], ""
	}
	if named := in[0] == '[' && len(in) > 1 && strings.ContainsRune(":.=", rune(in[1])); !named {
		return in[:1], in[1:], ""
	}
	name, rest, ok := strings.Cut(in[2:], in[1:2]+"]")
	switch {
	case !ok:
		return "", "", unbalanced
	case in[1] == ':' && !strings.Contains(classNames, " "+name+" "):
		return "", "", badRange
	}
	return "[" + name, rest, ""
}

const classNames = " alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit "

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isCount(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n <= maxRepeats
}

func count(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
