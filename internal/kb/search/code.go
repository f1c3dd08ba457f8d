package search

import "strings"

// Code is an error code, in one of the families below.
type Code struct {
	// Key names the code whatever its spelling:
	//
	//	hex:80070005       HRESULT, NTSTATUS, STOP and other hexadecimal codes
	//	num:1603           a decimal error number
	//	event:6041         an event ID
	//	kb:4103721         an article of Microsoft's knowledge base
	//	id:c2065           letters and digits: C2065, ORA-01017, AADSTS50126
	//	name:e_accessdenied
	Key      string
	From, To int // bytes of the text
}

// hexKey returns the key of a hexadecimal code, or "" if digits is no code:
// zero, or a pointer of 64 bits. Letters that a scan takes for digits are
// read as digits if there are exactly eight digits.
func hexKey(digits string) string {
	for i := 0; i < len(digits); i++ {
		if isHex(digits[i]) {
			continue
		}
		if len(digits) != 8 || lookalike(digits[i]) == 0 {
			return ""
		}
		digits = digits[:i] + string(lookalike(digits[i])) + digits[i+1:]
	}
	if len(digits) == 16 {
		digits = strings.TrimPrefix(digits, "ffffffff") // sign extension
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" || len(digits) > 8 {
		return ""
	}
	return "hex:" + digits
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

// lookalike returns the digit that c is mistaken for, or 0. b is not one of
// them: it is a digit itself.
func lookalike(c byte) byte {
	switch c {
	case 'o':
		return '0'
	case 'i', 'l':
		return '1'
	case 's':
		return '5'
	}
	return 0
}

// bareHexKey reads eight hexadecimal digits without 0x. Only those that begin
// like an HRESULT or NTSTATUS and hold at least four digits are a code.
func bareHexKey(atom string) string {
	if len(atom) != 8 || atom[0] != '8' && atom[0] != 'c' {
		return ""
	}
	digits := 0
	for i := 0; i < len(atom); i++ {
		if isDigit(rune(atom[i])) || atom[i] == 'o' {
			digits++
		}
	}
	if digits < 4 {
		return ""
	}
	return hexKey(atom)
}

// decimalKey reads an HRESULT that is written as a decimal number, signed or
// not, or returns "".
func decimalKey(digits string, negative bool) string {
	if len(digits) < 9 || len(digits) > 10 {
		return ""
	}
	var n uint64
	for i := 0; i < len(digits); i++ {
		n = n*10 + uint64(digits[i]-'0')
	}
	switch {
	case negative && n <= 1<<31:
		n = 1<<32 - n
	case negative || n < 1<<31 || n >= 1<<32:
		return ""
	}
	const hex = "0123456789abcdef"
	var out [8]byte
	for i := range out {
		out[7-i] = hex[n&15]
		n >>= 4
	}
	return "hex:" + string(out[:])
}

// idKey reads letters and digits as a named code, or returns "".
func idKey(letters, digits string) string {
	if letters == "" || len(letters) > 8 || len(digits) < 3 || len(digits) > 7 || strings.Contains(noCodes, " "+letters+" ") {
		return ""
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return ""
	}
	if letters == "kb" {
		return "kb:" + digits
	}
	return "id:" + letters + digits
}

// noCodes are letters before digits that name a thing, not an error.
const noCodes = " server srv pc host desktop laptop client node vm dc db web app test user room line col row port file disk page step build rev ver version v r id no num sha utf iso cp win windows thread task job item foo bar main "

// numberKeys returns the keys of a decimal number that follows the given
// words: an error number or an event ID. The words are folded, without
// anything that separates them.
func numberKeys(digits, before string) []string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" || len(digits) > 5 {
		return nil
	}
	switch {
	case hasAnySuffix(before, eventWords):
		return []string{"event:" + digits}
	case hasAnySuffix(before, errorWords):
		return []string{"num:" + digits}
	}
	return nil
}

// loneNumberKeys returns what a number can mean that is all of the query.
func loneNumberKeys(digits string) []string {
	digits = strings.TrimLeft(digits, "0")
	switch {
	case digits == "" || len(digits) > 7:
		return nil
	case len(digits) > 5:
		return []string{"kb:" + digits}
	}
	return []string{"num:" + digits, "event:" + digits}
}

// eventWords and errorWords are folded; a space separates them.
const (
	eventWords = "event eventid イヘント イヘントid イヘント番号"
	errorWords = "error errorcode errornumber err errno code win32 status statuscode exitcode returncode oserror winerror http エラ エラコト エラ番号 コト ステタス ステタスコト システムエラ"
)

func hasAnySuffix(s, words string) bool {
	for word := range strings.SplitSeq(words, " ") {
		if strings.HasSuffix(s, word) {
			return true
		}
	}
	return false
}

// Beginnings returns the keys by which a code can be found before all of its
// digits are typed: those of an HRESULT or NTSTATUS from the fourth on.
func Beginnings(key string) []string {
	digits, ok := strings.CutPrefix(key, "hex:")
	if !ok || len(digits) != 8 {
		return nil
	}
	var keys []string
	for n := 4; n < len(digits); n++ {
		keys = append(keys, "begin:"+digits[:n])
	}
	return keys
}

// unfinished returns the key of the beginning of a code at the end of a text,
// or "".
func unfinished(codes []Code, text string) string {
	if len(codes) == 0 {
		return ""
	}
	last := codes[len(codes)-1]
	digits, ok := strings.CutPrefix(last.Key, "hex:")
	if !ok || last.To != len(text) || len(digits) < 4 || len(digits) > 7 {
		return ""
	}
	return "begin:" + digits
}
