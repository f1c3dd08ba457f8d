package check

import (
	"errors"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

// credentialsDelegation is the key of the policies that say which credentials
// this machine may send to which hosts. Each has a switch, a value of the
// policy's name, and a list of SPNs, a subkey of the same name.
const credentialsDelegation = `HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation`

const (
	termsrv = "TERMSRV/"
	anyHost = termsrv + "*" // what is asked for if the reader names no host
)

// hostSPN is the SPN of Remote Desktop on a host as users type it, with or
// without port; of any host if it is empty.
func hostSPN(name string) string {
	if name == "" {
		return anyHost
	}
	return termsrv + withoutPort(name)
}

// withoutPort cuts :PORT off. A name with several colons is an IPv6 address.
func withoutPort(name string) string {
	if before, _, ok := strings.Cut(name, ":"); ok && strings.Count(name, ":") == 1 {
		return before
	}
	return name
}

// spnMatch says how sure it is that a list entry covers an SPN.
type spnMatch uint8

const (
	spnNone   spnMatch = iota
	spnLikely          // by rules that are reported but not documented
	spnSure
)

// matchSPN holds a list entry against an SPN. An entry is SERVICE/HOST with at
// most one wildcard, which stands for any characters; with two it covers
// nothing. That case does not matter, and that * alone covers everything, is
// not documented.
func matchSPN(entry, spn string) spnMatch {
	switch {
	case entry == "*":
		return spnLikely
	case strings.Count(entry, "*") > 1 || !strings.Contains(entry, "/"):
		return spnNone
	case strings.HasPrefix(entry, termsrv) && matchWildcard(entry, spn):
		return spnSure
	case matchWildcard(strings.ToLower(entry), strings.ToLower(spn)):
		return spnLikely
	}
	return spnNone
}

func matchWildcard(pattern, s string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == s
	}
	return len(s) >= len(before)+len(after) && strings.HasPrefix(s, before) && strings.HasSuffix(s, after)
}

// namesHosts reports whether an entry has the form that Remote Desktop needs.
func namesHosts(entry string) bool {
	return len(entry) > len(termsrv) && strings.EqualFold(entry[:len(termsrv)], termsrv) && strings.Count(entry, "*") <= 1
}

// delegationRule is one policy.
type delegationRule struct {
	name     string
	on       dword
	entries  []string
	defaults bool // the entries of the system itself are added
}

// readDelegationRule reads a policy. concatenate is the value that adds the
// system's own entries; it may be empty.
func readDelegationRule(h host.Host, name, concatenate string) (r delegationRule, bad []Found) {
	r.name = name
	if r.on, bad = readSetting(h, credentialsDelegation, name, 1); bad != nil || !r.on.is(1) {
		return r, bad
	}
	values, err := h.Values(credentialsDelegation + `\` + name)
	if err != nil && !errors.Is(err, host.ErrAbsent) {
		return r, unread(credentialsDelegation+`\`+name, err)
	}
	if bad = cutShort(credentialsDelegation+`\`+name, len(values), host.MaxNames); bad != nil {
		return r, bad
	}
	for _, v := range values {
		if v.Type != host.RegString {
			return r, found("list-type", "what", credentialsDelegation+`\`+name+`\`+v.Name, "type", v.Type.String(), "value", v.String())
		}
		if v.Text != "" {
			r.entries = append(r.entries, v.Text)
		}
	}
	if concatenate == "" {
		return r, nil
	}
	s, bad := readSetting(h, credentialsDelegation, concatenate, 1)
	r.defaults = s.is(1)
	return r, bad
}

// covers returns the entry that covers spn most surely.
func (r delegationRule) covers(spn string) (entry string, m spnMatch) {
	for _, e := range r.entries {
		if is := matchSPN(e, spn); is > m {
			entry, m = e, is
		}
	}
	return entry, m
}

// delegationAnswer says whether a rule lets credentials go to a host.
type delegationAnswer uint8

const (
	delegationRefused delegationAnswer = iota
	delegationUnclear
	delegationAllowed
)

// answer holds an Allow policy against spn. byDefault is what the system does
// without the policy. Whether a list of names covers an address, or the host
// that nobody has named, stays unclear.
func (r delegationRule) answer(spn string, byDefault bool) delegationAnswer {
	_, covered := r.covers(spn)
	switch {
	case (!r.on.set || r.defaults) && byDefault, covered != spnNone:
		return delegationAllowed
	case (spn == anyHost || isAddress(spn[len(termsrv):])) && slices.ContainsFunc(r.entries, namesHosts):
		return delegationUnclear
	}
	return delegationRefused
}

// empty reports whether the policy is enabled for nobody.
func (r delegationRule) empty() bool { return r.on.is(1) && len(r.entries) == 0 && !r.defaults }

// distinct joins lists and leaves out what is there twice.
func distinct(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}

func denyListFindings() []Finding {
	fix := Remedy{
		Text: Text{
			JA: "管理者が " + delegationFolderJA + " の拒否のポリシー ({policy}) の一覧から該当する項目を外すか、未構成にします。次のコマンドは未構成に戻します (Home でも使えます)。",
			EN: "Let an administrator remove the entry from the deny policy ({policy}) in " + delegationFolderEN + ", or set it to Not Configured. This command does the latter, also on Home.",
		},
		Command: `reg delete "` + credentialsDelegation + `" /v {policy} /f`,
	}
	restore := Remedy{
		Text: Text{
			JA: "ポリシーを有効に戻します。未構成にしただけであれば、一覧は残っています。一覧から外した項目 ({entry}) は、一覧に戻します。",
			EN: "Enable the policy again. Its list is still there; an entry that was removed from it ({entry}) is added again.",
		},
		Command: `reg add "` + credentialsDelegation + `" /v {policy} /t REG_DWORD /d 1 /f`,
	}
	return append([]Finding{
		{
			ID: "listed", Verdict: Problem,
			Text: Text{
				JA: "{policy} の拒否の一覧に {entry} があるため、{spn} には資格情報を送れません。拒否は許可より優先されます。",
				EN: "{policy} denies {spn} with its entry {entry}. A deny entry beats every allow policy.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "listed-default", Verdict: Warning,
			Text: Text{
				JA: "{policy} の拒否の一覧に {entry} があるため、{spn} にはサインインに使った資格情報を送れません。保存または入力したパスワードには影響しません。",
				EN: "{policy} denies {spn} with its entry {entry}: the credentials used to sign in are not sent. Saved and typed passwords are not affected.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "maybe-listed", Verdict: Warning,
			Text: Text{
				JA: "{policy} の拒否の一覧に {entry} があります。{spn} が拒否される可能性があります。",
				EN: "{policy} has the deny entry {entry}, which may cover {spn}.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "not-listed", Verdict: OK,
			Text: Text{
				JA: "{spn} は、どの拒否の一覧にもありません。",
				EN: "No deny list covers {spn}.",
			},
		},
	}, ruleFindings()...)
}

// ruleFindings are the findings of readDelegationRule.
func ruleFindings() []Finding {
	return append(settingFindings(), Finding{
		ID: "list-type", Verdict: Warning,
		Text: Text{
			JA: "{what} の型が {type} です (値: {value})。接続先の一覧の項目は REG_SZ のため、意図した一覧になっていない可能性があります。",
			EN: "{what} is of type {type} (value: {value}). Entries of the list are REG_SZ, so the list may not be what was intended.",
		},
	})
}

func judgeDenyLists(h host.Host, args Args) (fs []Found) {
	spn := hostSPN(args["host"])
	for _, name := range []string{"DenySavedCredentials", "DenyFreshCredentials", "DenyDefaultCredentials"} {
		r, bad := readDelegationRule(h, name, "")
		if bad != nil {
			fs = append(fs, bad...)
			continue
		}
		entry, m := r.covers(spn)
		if withoutPort(args["host"]) != args["host"] {
			m = min(m, spnLikely) // what a port changes is not documented
		}
		id := "listed"
		switch {
		case m == spnSure && name == "DenyDefaultCredentials":
			id = "listed-default"
		case m == spnSure:
		case m == spnLikely:
			id = "maybe-listed"
		case spn == anyHost && slices.ContainsFunc(r.entries, namesHosts):
			id, entry = "maybe-listed", few(r.entries)
		default:
			continue
		}
		fs = append(fs, found(id, "policy", name, "spn", spn, "entry", entry)...)
	}
	if fs == nil {
		return found("not-listed", "spn", spn)
	}
	return fs
}
