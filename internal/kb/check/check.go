// Package check is the catalogue: every check an article can name, as data
// plus one pure function.
//
// A [Check] has an ID, texts in Japanese and English, the parameters an
// article may set, what it reads (shown to the reader word for word) and the
// findings it can come to. Its [Judge] asks a [host.Host] and answers with the
// IDs of findings and the values that go into their texts. Judge decides; the
// verdict, the words, the fix and its rollback are looked up by ID, so that
// the page, the probe and the tests all read the same ones.
//
// The catalogue is a visible list: one file per family, [All] names the
// families, and [Judges] lists the functions. To add a check, add a literal to
// its family's file, its function to judges.go, a recorded machine for each
// finding to testdata, and run the tests.
//
// The two lists are apart because of the probe's size. It links the functions
// only; the words of the checks that a site uses travel in the plans that are
// stamped into it, where anyone can read them.
//
// Rules every check keeps:
//
//   - Access denied is unknown, never absent.
//   - What its sources do not confirm is at most a warning.
//   - Values are data (numbers, names, paths), never prose: prose is in the
//     findings, in both languages.
//   - Nothing goes over a network but to the host that the reader has named,
//     and only in checks that say so (Needs.Network).
package check

import (
	"errors"
	"slices"
	"strconv"

	"kbgen/internal/kb/host"
)

// Lang is a language of the catalogue.
type Lang string

// The two languages.
const (
	JA Lang = "ja"
	EN Lang = "en"
)

// Langs lists the languages in the order in which they are shown.
func Langs() []Lang { return []Lang{JA, EN} }

// Text is a text in both languages. Findings' texts hold {name} where the
// value of that name goes.
type Text struct {
	JA string `json:"ja,omitempty"`
	EN string `json:"en,omitempty"`
}

// In returns the text in lang.
func (t Text) In(lang Lang) string {
	if lang == JA {
		return t.JA
	}
	return t.EN
}

// same is a text that needs no translation, such as a registry path.
func same(s string) Text { return Text{JA: s, EN: s} }

// Verdict says what a finding means for the reader.
type Verdict string

// Verdicts.
const (
	OK            Verdict = "ok"      // read, and harmless
	Problem       Verdict = "problem" // read, and it explains the symptom
	Warning       Verdict = "warning" // risky, unusual, or explains the symptom only with something else
	Unknown       Verdict = "unknown" // could not be read, and the finding says why
	NotApplicable Verdict = "n-a"     // does not exist on this system
)

// Worst returns the verdict that stands for several: a problem before a
// warning, a warning before what stayed unknown, that before ok. It is n-a
// only if nothing else was found.
func Worst(vs ...Verdict) Verdict {
	for _, v := range []Verdict{Problem, Warning, Unknown, OK} {
		if slices.Contains(vs, v) {
			return v
		}
	}
	return NotApplicable
}

// Check is one entry of the catalogue.
type Check struct {
	ID    string // family.name, lower case with hyphens
	Title Text
	About Text   // the question that it answers, one or two sentences
	Reads []Text // each thing that it reads
	Needs Needs

	Params   []Param
	Findings []Finding // in the order in which they are explained
	Sources  []string  // Microsoft Learn paths, KB articles, header names
}

// Admin says whether a check needs administrator rights.
type Admin string

// Degrees of need.
const (
	AdminNo    Admin = "no"
	AdminMaybe Admin = "maybe" // a normal user may get an unknown
	AdminYes   Admin = "yes"
)

// Needs says what a check needs to come to an answer.
type Needs struct {
	Admin   Admin // empty is AdminNo
	Network bool  // sends packets to the host that the reader names
}

// AdminLevel is Admin with the default filled in.
func (n Needs) AdminLevel() Admin {
	if n.Admin == "" {
		return AdminNo
	}
	return n.Admin
}

// Finding is one answer that a check can come to.
type Finding struct {
	ID       string
	Verdict  Verdict
	Text     Text
	Fix      Remedy // zero if there is nothing to do
	Rollback Remedy // how to undo Fix; required where Fix changes something

	// Not comparable: else every list of findings would bring a function of
	// 2 KB into the probe that compares two such lists.
	_ [0]func()
}

// Remedy is something a person can do.
type Remedy struct {
	Text    Text
	Command string // for a command prompt, one command a line; may be empty
}

// Zero reports whether there is nothing to do.
func (r Remedy) Zero() bool { return r == Remedy{} }

// Found is one finding of a run, with the values for its text.
type Found struct {
	Finding string
	Values  []Value
}

// Value is something that was read.
type Value struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// found is Found, short for the families. Arguments are name, text, …. It is
// called hundreds of times; inlined, it would take 100 KB of the probe.
//
//go:noinline
func found(id string, namesAndTexts ...string) []Found {
	f := Found{Finding: id}
	for i := 0; i+1 < len(namesAndTexts); i += 2 {
		f.Values = append(f.Values, Value{Name: namesAndTexts[i], Text: namesAndTexts[i+1]})
	}
	return []Found{f}
}

// unread is the finding for an answer that is not a value. what names the
// thing that was asked for. A caller for whom an absent thing is an answer
// looks for host.ErrAbsent first.
//
//go:noinline
func unread(what string, err error) []Found {
	var call *host.CallError
	switch {
	case errors.Is(err, host.ErrAbsent):
		return found(FindingAbsent, "what", what)
	case errors.Is(err, host.ErrDenied):
		return found(FindingDenied, "what", what)
	case errors.Is(err, host.ErrUnsupported):
		return found(FindingUnsupported, "what", what)
	case errors.Is(err, host.ErrDisabled):
		return found(FindingDisabled, "what", what)
	case errors.Is(err, host.ErrStopped):
		return found(FindingStopped, "what", what)
	case errors.Is(err, host.ErrNotNamed):
		return found(FindingNoHost)
	case errors.Is(err, host.ErrTimeout):
		return found(FindingTimeout, "what", what)
	case errors.As(err, &call):
		return found(FindingFailed, "what", what, "error", call.Error())
	}
	return found(FindingFailed, "what", what, "error", err.Error())
}

// isUnread reports whether a finding says that there was no answer, not that
// the answer makes no sense.
func isUnread(fs []Found) bool {
	return len(fs) > 0 && slices.ContainsFunc(Common(), func(f Finding) bool { return f.ID == fs[0].Finding })
}

// wrongType is the finding for a value whose type makes it unreadable.
//
//go:noinline
func wrongType(what string, v host.Value) []Found {
	return found(FindingFailed, "what", what, "error", v.Type.String()+" "+v.String())
}

// cutShort is the finding for a list of n entries that is as long as lists get,
// so that there may be more, or nil.
func cutShort(what string, n, most int) []Found {
	if n < most {
		return nil
	}
	return found(FindingCut, "what", what, "count", strconv.Itoa(most))
}

// Finding returns the finding with this ID, from the check's own list or
// from the ones that every check can come to.
func (c *Check) Finding(id string) (Finding, bool) {
	for _, list := range [][]Finding{c.Findings, Common()} {
		for _, f := range list {
			if f.ID == id {
				return f, true
			}
		}
	}
	return Finding{}, false
}

// IDs of the findings that every check can come to.
const (
	FindingAbsent      = "absent"
	FindingDenied      = "denied"
	FindingUnsupported = "unsupported"
	FindingFailed      = "failed"
	FindingTimeout     = "timeout"
	FindingDisabled    = "switched-off"
	FindingStopped     = "service-stopped"
	FindingCut         = "cut-short"
	FindingNoHost      = "no-host"
	FindingInternal    = "internal"
)

// Common lists the findings that every check can come to: all of them say
// why something could not be read.
func Common() []Finding {
	return []Finding{
		{
			ID: FindingAbsent, Verdict: Unknown,
			Text: Text{
				JA: "{what} が見つからないため、判断できません。",
				EN: "{what} is missing, so nothing can be concluded.",
			},
		},
		{
			ID: FindingDenied, Verdict: Unknown,
			Text: Text{
				JA: "{what} を読み取る権限がありません。",
				EN: "This user may not read {what}.",
			},
			Fix: Remedy{Text: Text{
				JA: "この項目の結果が必要な場合は、kbprobe を管理者として実行してください。",
				EN: "If you need this answer, run kbprobe as administrator.",
			}},
		},
		{
			ID: FindingUnsupported, Verdict: Unknown,
			Text: Text{
				JA: "このシステムでは {what} を読み取れません。",
				EN: "This system has no way to read {what}.",
			},
		},
		{
			ID: FindingFailed, Verdict: Unknown,
			Text: Text{
				JA: "{what} の読み取りに失敗しました ({error})。",
				EN: "Reading {what} failed: {error}.",
			},
		},
		{
			ID: FindingTimeout, Verdict: Unknown,
			Text: Text{
				JA: "{what} から制限時間内に応答がありませんでした。",
				EN: "{what} did not answer within the time limit.",
			},
		},
		{
			ID: FindingDisabled, Verdict: Unknown,
			Text: Text{
				JA: "{what} への記録が無効になっているため、判断できません。",
				EN: "{what} is switched off and records nothing, so nothing can be concluded.",
			},
		},
		{
			ID: FindingStopped, Verdict: Unknown,
			Text: Text{
				JA: "{what} を読み取ると停止中のサービスが開始されるため、読み取っていません。kbprobe はサービスを開始しません。",
				EN: "{what} was not read, because that would start a service that is stopped. kbprobe starts no services.",
			},
		},
		{
			ID: FindingCut, Verdict: Unknown,
			Text: Text{
				JA: "{what} は項目が多いため、{count} 件までしか調べていません。示した件数は、少なくともその数という意味です。",
				EN: "{what} has too many entries: no more than {count} were looked at. Any number given means at least that many.",
			},
		},
		{
			ID: FindingNoHost, Verdict: NotApplicable,
			Text: Text{
				JA: "接続先が指定されていないため、確認していません。kbprobe に -host で接続先の名前を指定してください。",
				EN: "Not checked, because no host was named. Name the host you connect to with kbprobe -host.",
			},
		},
		{
			ID: FindingInternal, Verdict: Unknown,
			Text: Text{
				JA: "kbprobe の内部エラーのため、この確認は完了しませんでした ({error})。",
				EN: "This check did not finish because of an internal error of kbprobe: {error}.",
			},
		},
	}
}
