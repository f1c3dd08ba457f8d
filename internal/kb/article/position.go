package article

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// source is the text of one file: UTF-8, without a byte order mark, every
// line ended by \n. Offsets into it are bytes; positions in messages are lines
// and characters, and the same as in the file.
type source struct {
	path  string
	text  string
	lines []int // the offset of each line's first byte; never empty
}

func newSource(path, text string) *source {
	s := &source{path: path, text: text, lines: []int{0}}
	for i := range len(text) {
		if text[i] == '\n' && i+1 < len(text) {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// position returns the line and the column of an offset, both from 1.
func (s *source) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(s.text))
	line = sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > offset })
	return line, utf8.RuneCountInString(s.text[s.lines[line-1]:offset]) + 1
}

// offset is the inverse of position. It stays within the line.
func (s *source) offset(line, column int) int {
	line = min(max(line, 1), len(s.lines))
	rest := s.line(line)
	offset := s.lines[line-1]
	for ; column > 1 && rest != ""; column-- {
		_, size := utf8.DecodeRuneInString(rest)
		rest, offset = rest[size:], offset+size
	}
	return offset
}

// line returns a line without its end.
func (s *source) line(n int) string {
	start, end := s.lines[n-1], len(s.text)
	if n < len(s.lines) {
		end = s.lines[n]
	}
	return strings.TrimSuffix(s.text[start:end], "\n")
}

// wholeFile is the offset of a message about no place in particular.
const wholeFile = -1

func (s *source) message(level Level, offset int, text, hint string) Message {
	m := Message{Level: level, Path: s.path, Text: text, Hint: hint}
	if offset != wholeFile {
		m.Line, m.Column = s.position(offset)
		m.Source = s.line(m.Line)
	}
	return m
}
