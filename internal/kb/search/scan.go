package search

// Term is what is looked up: a word between spaces, or two neighbouring
// characters of a script without spaces.
type Term struct {
	Text string
	// Optional terms stand where names stand: in quotes, in file names, with
	// digits in them. They count if both texts have them, and do not count
	// against a match.
	Optional bool
	Line     int // of the text, from 0; long lines count as several
	From, To int // bytes of the text
}

// Parsed is a text as the search sees it.
type Parsed struct {
	Terms []Term
	Codes []Code // in the order of the text, each key once
	Lines int
}

// Parse scans a text: a query, a wording or a title.
func Parse(text string) Parsed {
	s := scanner{text: text, f: fold(text)}
	s.markNames()
	s.scan()
	s.loneNumber()
	if !s.anyFixed() {
		for i := range s.out.Terms {
			s.out.Terms[i].Optional = false
		}
	}
	return s.out
}

// longestLine is how many terms of a line count as one line.
const longestLine = 64

type scanner struct {
	text  string
	f     folded
	names []bool // which runes stand in quotes or brackets
	out   Parsed

	cjk     int // index of the last CJK rune, if a term can begin there, or -1
	paired  bool
	line    int
	inLine  int // terms in this line
	codeSet map[string]bool
}

// longestName is how many runes a quoted value has at most.
const longestName = 80

// markNames finds what stands in quotes, in < > and in { }.
func (s *scanner) markNames() {
	runes := s.f.runes
	s.names = make([]bool, len(runes))
	for i := 0; i < len(runes); i++ {
		closing := closingOf(runes[i])
		if closing == 0 || runes[i] == '\'' && i > 0 && isWord(runes[i-1]) {
			continue
		}
		end := s.findClosing(i+1, closing)
		for j := i + 1; j < end; j++ {
			s.names[j] = true
		}
		if end > 0 {
			i = end
		}
	}
}

func closingOf(r rune) rune {
	switch r {
	case '\'', '"':
		return r
	case '「':
		return '」'
	case '<':
		return '>'
	case '{':
		return '}'
	}
	return 0
}

func (s *scanner) findClosing(from int, closing rune) int {
	runes := s.f.runes
	for i := from; i < len(runes) && i <= from+longestName && runes[i] != newline; i++ {
		if runes[i] == closing && (closing != '\'' || i+1 == len(runes) || !isWord(runes[i+1])) {
			return i
		}
	}
	return 0
}

func (s *scanner) scan() {
	runes := s.f.runes
	s.cjk = -1
	for i := 0; i < len(runes); {
		switch r := runes[i]; {
		case isCJK(r):
			s.character(i)
			i++
		case r == newline:
			s.line++
			s.inLine = 0
			i++
		case isBoundary(r):
			i++
		default:
			end := i
			for end < len(runes) && !isBoundary(runes[end]) && !isCJK(runes[end]) {
				end++
			}
			s.chunk(i, end)
			i = end
		}
	}
	s.endRun()
	s.out.Lines = s.line + 1
}

// isBoundary reports whether r ends a path, an address or a word alike.
func isBoundary(r rune) bool {
	switch r {
	case ' ', newline, '(', ')', '[', ']', '{', '}', '<', '>', '"', '\'', '「', '」', ',', ';', '|', '=', '!', '、', '。':
		return true
	}
	return false
}

// character takes a CJK character into account: it makes a term with the one
// before it, whatever separates them.
func (s *scanner) character(i int) {
	if s.cjk >= 0 {
		s.term(string([]rune{s.f.runes[s.cjk], s.f.runes[i]}), s.cjk, i+1, s.names[s.cjk] || s.names[i])
		s.paired = true
	} else {
		s.paired = false
	}
	s.cjk = i
}

// endRun ends a run of CJK characters. A character on its own is a term.
func (s *scanner) endRun() {
	if s.cjk >= 0 && !s.paired {
		s.term(string(s.f.runes[s.cjk]), s.cjk, s.cjk+1, s.names[s.cjk])
	}
	s.cjk = -1
}

func (s *scanner) term(text string, from, to int, optional bool) {
	if s.inLine == longestLine {
		s.line++
		s.inLine = 0
	}
	s.inLine++
	s.out.Terms = append(s.out.Terms, Term{text, optional, s.line, s.f.at[from], s.end(to)})
}

// end returns the byte offset after the rune before index i.
func (s *scanner) end(i int) int {
	if i < len(s.f.at) {
		return s.f.at[i]
	}
	return len(s.text)
}

func (s *scanner) code(key string, from, to int) {
	if key == "" || s.codeSet[key] {
		return
	}
	if s.codeSet == nil {
		s.codeSet = map[string]bool{}
	}
	s.codeSet[key] = true
	s.out.Codes = append(s.out.Codes, Code{key, s.f.at[from], s.end(to)})
}

func (s *scanner) anyFixed() bool {
	for _, t := range s.out.Terms {
		if !t.Optional {
			return true
		}
	}
	return false
}

// chunk takes what stands between boundaries: words, a code, a path.
func (s *scanner) chunk(from, to int) {
	variable := s.isVariable(from, to)
	dotted := s.isDotted(from, to)
	for i := from; i < to; {
		if !isWord(s.f.runes[i]) {
			i++
			continue
		}
		end := i
		for end < to && isWord(s.f.runes[end]) {
			end++
		}
		i = s.atom(i, end, to, variable, dotted)
	}
	if variable {
		s.endRun()
	}
}

// isVariable reports whether a chunk is a path, an address, a GUID: something
// that is different each time.
func (s *scanner) isVariable(from, to int) bool {
	runes := s.f.runes[from:to]
	slashes, at := 0, false
	for i, r := range runes {
		switch {
		case r == '\\', r == ':' && i+2 < len(runes) && runes[i+1] == '/' && runes[i+2] == '/':
			return true
		case r == '@':
			at = true
		case r == '.' && at:
			return true
		case r == '/':
			slashes++
		}
	}
	return slashes > 1 || slashes == 1 && runes[0] == '/' && len(runes) > 2 ||
		len(runes) > 4 && string(runes[:4]) == "www." || isGUID(runes)
}

func isGUID(runes []rune) bool {
	if len(runes) != 36 {
		return false
	}
	for i, r := range runes {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if r != '-' {
				return false
			}
		} else if r > 'f' || !isHex(byte(r)) {
			return false
		}
	}
	return true
}

// isDotted reports whether a chunk is a file name or a host name: it has a
// dot between letters or digits.
func (s *scanner) isDotted(from, to int) bool {
	for i := from + 1; i+1 < to; i++ {
		if s.f.runes[i] == '.' && isWord(s.f.runes[i-1]) && isWord(s.f.runes[i+1]) {
			return true
		}
	}
	return false
}

// atom takes the letters and digits from i to end of a chunk that ends at
// limit. It returns where to go on.
func (s *scanner) atom(i, end, limit int, variable, dotted bool) int {
	runes := s.f.runes
	text := string(runes[i:end])
	if key := s.hexAtom(text, i); key != "" {
		s.code(key, i, end)
		return end
	}
	if variable {
		return end
	}
	if allDigits(text) {
		s.number(text, i, end)
		return end
	}
	digits := len(text)
	for digits > 0 && isDigit(rune(text[digits-1])) {
		digits--
	}
	if key := idKey(text[:digits], text[digits:]); key != "" && allLetters(text[:digits]) {
		s.code(key, i, end)
		s.word(text, i, end, true)
		return end
	}
	if next := s.hyphenated(text, i, end, limit); next > 0 {
		return next
	}
	if s.isName(text, i, end) {
		s.code("name:"+text, i, end)
	}
	if isDigit(runes[i]) || end-i < 2 {
		return end // a unit, a time, a single letter
	}
	s.word(text, i, end, dotted || s.names[i] || digits < len(text) || i > 0 && (runes[i-1] == '%' || runes[i-1] == '$'))
	return end
}

// hexAtom reads 0x80070005, 80070005, 80070005h and &H80070005.
func (s *scanner) hexAtom(text string, i int) string {
	if len(text) > 2 && (text[0] == '0' || text[0] == 'o') && text[1] == 'x' {
		if text[0] == 'o' && len(text) != 10 {
			return ""
		}
		return hexKey(text[2:])
	}
	if len(text) == 9 && text[0] == 'h' && i > 0 && s.f.runes[i-1] == '&' {
		return hexKey(text[1:])
	}
	if len(text) == 9 && text[8] == 'h' {
		text = text[:8]
	}
	return bareHexKey(text)
}

// hyphenated reads ORA-01017 and CVE-2018-0886. It returns where to go on, or
// 0.
func (s *scanner) hyphenated(letters string, i, end, limit int) int {
	runes := s.f.runes
	if !allLetters(letters) || end >= limit || runes[end] != '-' {
		return 0
	}
	stop := end + 1
	for stop < limit && isWord(runes[stop]) {
		stop++
	}
	digits := string(runes[end+1 : stop])
	if !allDigits(digits) {
		return 0
	}
	if letters == "cve" && stop < limit && runes[stop] == '-' {
		last := stop + 1
		for last < limit && isDigit(runes[last]) {
			last++
		}
		s.code("id:cve"+digits+"-"+string(runes[stop+1:last]), i, last)
		return last
	}
	key := idKey(letters, digits)
	if key == "" {
		return 0
	}
	s.code(key, i, stop)
	s.word(letters, i, end, true)
	return stop
}

// isName reports whether an atom is a symbolic name: capitals with an
// underscore between them.
func (s *scanner) isName(text string, i, end int) bool {
	underscore := false
	for j := 1; j+1 < len(text); j++ {
		underscore = underscore || text[j] == '_'
	}
	if !underscore {
		return false
	}
	for _, c := range []byte(s.text[s.f.at[i]:s.end(end)]) {
		if c >= 'a' && c <= 'z' {
			return false
		}
	}
	return true
}

// number takes digits that are not part of a word.
func (s *scanner) number(digits string, i, end int) {
	if key := decimalKey(digits, i > 0 && s.f.runes[i-1] == '-' && (i < 2 || !isWord(s.f.runes[i-2]))); key != "" {
		s.code(key, i, end)
		return
	}
	before := s.before(i)
	if len(before) >= 2 && before[len(before)-2:] == "kb" && len(digits) >= 6 {
		s.code(idKey("kb", digits), i, end)
		return
	}
	for _, key := range numberKeys(digits, before) {
		s.code(key, i, end)
	}
}

// before returns the words before index i without what separates them, up to
// a dozen characters and not beyond the line.
func (s *scanner) before(i int) string {
	var tail []rune
	separators := 0
	for i--; i >= 0 && len(tail) < 14 && separators < 5 && s.f.runes[i] != newline; i-- {
		if r := s.f.runes[i]; isWord(r) || isCJK(r) {
			tail = append(tail, r)
			separators = 0
		} else {
			separators++
		}
	}
	for a, b := 0, len(tail)-1; a < b; a, b = a+1, b-1 {
		tail[a], tail[b] = tail[b], tail[a]
	}
	return string(tail)
}

// word takes a word between spaces. It ends a run of CJK characters, unless
// it is only a name.
func (s *scanner) word(text string, i, end int, optional bool) {
	s.endRun()
	s.term(text, i, end, optional || s.names[i])
}

// loneNumber reads a number that is all of the text.
func (s *scanner) loneNumber() {
	if len(s.out.Terms) > 0 || len(s.out.Codes) > 0 {
		return
	}
	from, to := -1, 0
	for i, r := range s.f.runes {
		switch {
		case isDigit(r) && from < 0:
			from, to = i, i+1
		case isDigit(r) && to == i:
			to++
		case isWord(r) || isDigit(r):
			return
		}
	}
	if from < 0 {
		return
	}
	for _, key := range loneNumberKeys(string(s.f.runes[from:to])) {
		s.code(key, from, to)
	}
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(rune(s[i])) {
			return false
		}
	}
	return s != ""
}

func allLetters(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isLetter(rune(s[i])) {
			return false
		}
	}
	return s != ""
}
