package check

import (
	"errors"
	"slices"
	"strconv"

	"kbgen/internal/kb/host"
)

// dword is a REG_DWORD that need not be there.
type dword struct {
	n   uint32
	set bool
}

// is reports whether the value is there and one of ns.
func (d dword) is(ns ...uint32) bool { return d.set && slices.Contains(ns, d.n) }

// String is the number, or - if there is none.
func (d dword) String() string {
	if !d.set {
		return "-"
	}
	return strconv.FormatUint(uint64(d.n), 10)
}

// readSetting reads a REG_DWORD whose numbers go up to most and that need not
// be there. What cannot be judged comes back as a finding: one of
// settingFindings, or why there was no answer.
func readSetting(h host.Host, key, name string, most uint32) (d dword, bad []Found) {
	v, err := h.Value(key, name)
	if errors.Is(err, host.ErrAbsent) {
		return d, nil
	}
	what := key + `\` + name
	if err != nil {
		return d, unread(what, err)
	}
	n, ok := v.DWord()
	if !ok {
		return d, found("wrong-type", "what", what, "type", v.Type.String(), "value", v.String())
	}
	d = dword{n, true}
	if n > most {
		return d, found("other-value", "what", what, "value", d.String())
	}
	return d, nil
}

// settingFindings are the findings of readSetting.
func settingFindings() []Finding {
	return []Finding{
		{
			ID: "other-value", Verdict: Warning,
			Text: Text{
				JA: "{what} は {value} です。この値の意味は定められていません。",
				EN: "{what} is {value}, a value without a defined meaning.",
			},
		},
		wrongTypeFinding(),
	}
}

func wrongTypeFinding() Finding {
	return Finding{
		ID: "wrong-type", Verdict: Warning,
		Text: Text{
			JA: "{what} の型が {type} です (値: {value})。型または長さが本来のものと異なるため、意図した設定になっていない可能性があります。",
			EN: "{what} is of type {type} (value: {value}). That is not the type or length it should have, so the setting may not be what was intended.",
		},
	}
}
