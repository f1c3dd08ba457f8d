package check

import (
	"errors"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

// SIDs that decide who may sign in over Remote Desktop.
const (
	sidAuthenticated = "S-1-5-11"
	sidLocalAccount  = "S-1-5-113"
	sidLocalAdmin    = "S-1-5-114" // local account and member of Administrators
	sidRDPUsers      = "S-1-5-32-555"
)

func rdpUsersMembership() Check {
	return Check{
		ID: "account.rdp-users-membership",
		Title: Text{
			JA: "リモート デスクトップを使えるグループへの所属",
			EN: "Membership in the groups that may use Remote Desktop",
		},
		About: Text{
			JA: "ユーザーが、この PC にリモート デスクトップでサインインできるグループに入っているかを確認します。",
			EN: "Is the user in a group that may sign in to this computer over Remote Desktop?",
		},
		Reads: append([]Text{{
			JA: "自分のプロセスのトークンのグループ、またはローカル グループ S-1-5-32-555 (Remote Desktop Users) と S-1-5-32-544 (Administrators) のメンバー",
			EN: "the groups in the token of its own process, or the members of the local groups S-1-5-32-555 (Remote Desktop Users) and S-1-5-32-544 (Administrators)",
		}}, rdpHostReads()...),
		Params: []Param{userParam()},
		Findings: append([]Finding{
			{
				ID: "not-member", Verdict: Problem,
				Text: Text{
					JA: "{user} は Remote Desktop Users にも Administrators にも入っていません。この PC にリモート デスクトップでサインインできません (切断コード 0x1307)。",
					EN: "{user} is neither in Remote Desktop Users nor in Administrators and cannot sign in to this computer over Remote Desktop (disconnect code 0x1307).",
				},
				Fix: Remedy{
					Text: Text{
						JA: "Remote Desktop Users (SID S-1-5-32-555。言語によって名前が異なります) に追加します (管理者)。次のサインインから有効です。制限付き管理モードでの接続には Administrators への所属が必要です。",
						EN: "Add the user to Remote Desktop Users (SID S-1-5-32-555; its name differs in some languages) as administrator. It counts from the next sign-in. Restricted Admin mode takes membership in Administrators instead.",
					},
					Command: `net localgroup "Remote Desktop Users" "{user}" /add`,
				},
				Rollback: Remedy{
					Text:    Text{JA: "グループから削除します。", EN: "Remove the user from the group."},
					Command: `net localgroup "Remote Desktop Users" "{user}" /delete`,
				},
			},
			{
				ID: "unresolved", Verdict: Unknown,
				Text: Text{
					JA: "{user} は直接のメンバーではありません。グループに含まれる {sids} のメンバーを調べられないため、判断できません。",
					EN: "{user} is no direct member. The groups hold {sids}, whose members cannot be listed here, so nothing can be concluded.",
				},
			},
			{
				ID: "member", Verdict: OK,
				Text: Text{
					JA: "{user} は {group} に入っているため、リモート デスクトップを使えます。",
					EN: "{user} is in {group} and may use Remote Desktop.",
				},
			},
			notLocal(),
		}, notRDPHostFindings()...),
		Sources: []string{"learn.microsoft.com/troubleshoot/windows-server/remote/cannot-authenticate-must-authenticate-twice"},
	}
}

func judgeRDPUsers(h host.Host, args Args) []Found {
	if edition, home := homeEdition(h); home {
		return found("home", "edition", edition)
	}
	m, stop := whoIs(h, args["user"])
	if stop != nil {
		return stop
	}
	via, unsure, err := m.among(h, []string{sidRDPUsers, host.SIDAdministrators})
	if via != "" {
		return found("member", "user", m.shown, "group", groupName(via))
	}
	if err != nil {
		return unread("NetLocalGroupGetMembers", err)
	}
	if stop := notRDPHost(h); stop != nil {
		return stop
	}
	if unsure != nil {
		return found("unresolved", "user", m.shown, "sids", list(unsure))
	}
	return found("not-member", "user", m.shown)
}

func logonRights() Check {
	return Check{
		ID: "account.logon-rights",
		Title: Text{
			JA: "リモート デスクトップに必要なログオンの権利",
			EN: "Logon rights that Remote Desktop needs",
		},
		About: Text{
			JA: "リモート デスクトップとネットワーク経由のログオンが、ユーザーに許可されているか、拒否されているかを確認します。",
			EN: "Is the user allowed or denied to log on over Remote Desktop and over the network?",
		},
		Reads: append([]Text{
			{
				JA: "SeRemoteInteractiveLogonRight、SeDenyRemoteInteractiveLogonRight、SeNetworkLogonRight、SeDenyNetworkLogonRight を持つ SID (LsaEnumerateAccountsWithUserRight)",
				EN: "the SIDs that hold SeRemoteInteractiveLogonRight, SeDenyRemoteInteractiveLogonRight, SeNetworkLogonRight and SeDenyNetworkLogonRight (LsaEnumerateAccountsWithUserRight)",
			},
			{
				JA: "自分のプロセスのトークンのグループ、またはそれらのローカル グループのメンバー",
				EN: "the groups in the token of its own process, or the members of those local groups",
			},
		}, rdpHostReads()...),
		Needs:    Needs{Admin: AdminYes},
		Params:   []Param{userParam()},
		Findings: append(logonRightsFindings(), notRDPHostFindings()...),
		Sources:  []string{"learn.microsoft.com/troubleshoot/windows-server/remote/cannot-authenticate-must-authenticate-twice"},
	}
}

func logonRightsFindings() []Finding {
	const secpol, rights = "[ローカル ポリシー] > [ユーザー権利の割り当て]", "Local Policies > User Rights Assignment"
	return []Finding{
		{
			ID: "denied-right", Verdict: Problem,
			Text: Text{
				JA: "{user} は {right} (拒否の権利) の対象です (該当: {sid})。この PC へのリモート デスクトップ接続は拒否されます。",
				EN: "{user} is subject to {right}, a right that denies (through {sid}). Remote Desktop connections to this computer are refused.",
			},
			Fix: Remedy{Text: Text{
				JA: "secpol.msc の " + secpol + " で、{right} に当たる拒否の項目から {sid} を外します (管理者)。グループ ポリシーで配布されている場合は、その管理者に依頼します。",
				EN: "In secpol.msc, " + rights + ", take {sid} off the entry for {right}: Deny log on through Remote Desktop Services, or Deny access to this computer from the network (administrator). If a GPO sets it, ask its administrator.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "同じ項目に {sid} を戻します。",
				EN: "Put {sid} back on the same entry.",
			}},
		},
		{
			ID: "not-allowed", Verdict: Problem,
			Text: Text{
				JA: "{user} も、その所属グループも {right} を持っていません。ネットワーク レベル認証を使うリモート デスクトップには、この権利が必要です。",
				EN: "Neither {user} nor a group of that user holds {right}. Remote Desktop with Network Level Authentication needs it.",
			},
			Fix: Remedy{Text: Text{
				JA: "secpol.msc の " + secpol + " で、{right} に当たる項目 (SeNetworkLogonRight は [ネットワーク経由でのアクセス]) に Remote Desktop Users などのグループを追加します (管理者)。グループ ポリシーで配布されている場合は、その管理者に依頼します。",
				EN: "In secpol.msc, " + rights + ", add a group such as Remote Desktop Users to the entry for {right}: Allow log on through Remote Desktop Services, or Access this computer from the network (administrator). If a GPO sets it, ask its administrator.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "追加したグループを外します。",
				EN: "Remove that group again.",
			}},
		},
		{
			ID: "unresolved", Verdict: Unknown,
			Text: Text{
				JA: "{right}: {sids} のメンバーを調べられないため、{user} が該当するかを判断できません。",
				EN: "{right}: the members of {sids} cannot be listed here, so whether {user} is one of them is not known.",
			},
		},
		{
			ID: "allowed", Verdict: OK,
			Text: Text{
				JA: "{user} には、リモート デスクトップとネットワーク経由のログオンが許可されています。",
				EN: "{user} may log on over Remote Desktop and over the network.",
			},
		},
		notLocal(),
	}
}

func judgeLogonRights(h host.Host, args Args) []Found {
	if edition, home := homeEdition(h); home {
		return found("home", "edition", edition)
	}
	m, stop := whoIs(h, args["user"])
	if stop != nil {
		return stop
	}
	var fs []Found
	denied, refused, holders := false, false, 0
	for _, right := range []string{"SeDenyRemoteInteractiveLogonRight", "SeRemoteInteractiveLogonRight", "SeDenyNetworkLogonRight", "SeNetworkLogonRight"} {
		denies := strings.HasPrefix(right, "SeDeny")
		sids, err := h.RightHolders(right)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			return unread(right, err)
		}
		via, unsure, err := m.among(h, sids)
		switch {
		case via != "" && denies:
			fs, denied = append(fs, found("denied-right", "user", m.shown, "right", right, "sid", groupName(via))...), true
		case via != "":
		case err != nil:
			fs = append(fs, unread("NetLocalGroupGetMembers", err)...)
		case unsure != nil:
			fs = append(fs, found("unresolved", "user", m.shown, "right", right, "sids", list(unsure))...)
		case !denies:
			fs, refused = append(fs, found("not-allowed", "user", m.shown, "right", right)...), true
		}
		if !denies {
			holders += len(sids)
		}
	}
	if holders == 0 && !denied { // no Windows is without any: this is not an answer
		return found(FindingAbsent, "what", "SeNetworkLogonRight")
	}
	if denied || refused {
		if stop := notRDPHost(h); stop != nil {
			return stop
		}
	}
	if fs == nil {
		return found("allowed", "user", m.shown)
	}
	return fs
}

// groupName names a group that is the same on every machine; another is its
// SID.
func groupName(sid string) string {
	if name := wellKnownGroup(sid); name != "" {
		return name
	}
	return sid
}

// member is an account with the SIDs that are known to stand for it.
type member struct {
	shown string // the account's name
	own   bool   // the account of this process: sids has all its groups
	sids  []string
}

// whoIs finds the account that the parameter user names, or returns the
// finding that says why not. Of the own account, a filtered token has some
// groups as deny-only; it is in them nevertheless.
func whoIs(h host.Host, user string) (m member, stop []Found) {
	name, elsewhere, err := localName(h, user)
	if err != nil {
		return m, unread("GetComputerName", err)
	}
	if elsewhere {
		return m, found("not-local")
	}
	t, err := h.Token()
	if err != nil {
		return m, unread("OpenProcessToken", err)
	}
	if name != "" {
		u, stop := localUser(h, user)
		if stop != nil {
			return m, stop
		}
		if u.SID != t.UserSID {
			return member{u.Name, false, []string{u.SID, sidLocalAccount, host.SIDEveryone, sidAuthenticated}}, nil
		}
	}
	m = member{`%USERDOMAIN%\%USERNAME%`, true, []string{t.UserSID}}
	if id, err := h.Identity(); err == nil && id.User != "" {
		m.shown = strings.TrimPrefix(id.Domain+`\`+id.User, `\`)
	}
	for _, g := range t.Groups {
		if g.Attributes&(host.GroupEnabled|host.GroupUseForDeny) != 0 {
			m.sids = append(m.sids, g.SID)
		}
	}
	return m, nil
}

// among returns the first of sids that stands for m or for a local group that
// m is in, or "". For an account other than the own one, unsure are those
// whose members this machine does not know: groups of a domain, and local
// groups that are not built in.
func (m member) among(h host.Host, sids []string) (via string, unsure []string, err error) {
	for _, sid := range sids {
		if slices.Contains(m.sids, sid) {
			return sid, nil, nil
		}
	}
	if m.own {
		return "", nil, nil
	}
	for _, sid := range sids {
		group := sid
		if sid == sidLocalAdmin {
			group = host.SIDAdministrators
		}
		if !strings.HasPrefix(group, "S-1-5-32-") {
			if foreign(sid, "") {
				unsure = append(unsure, sid)
			}
			continue
		}
		members, e := h.GroupMembers(group)
		if e != nil {
			if !errors.Is(e, host.ErrAbsent) && err == nil {
				err = e
			}
			continue
		}
		for _, one := range members {
			if slices.Contains(m.sids, one) {
				return sid, nil, nil
			}
			if foreign(one, m.sids[0]) {
				unsure = append(unsure, one)
			}
		}
	}
	return "", unsure, err
}

// foreign reports whether a SID may be that of a group whose members are not
// known here. It is not, if it is an account of the same machine as known: no
// local group is in another.
func foreign(sid, known string) bool {
	machine := known[:max(0, strings.LastIndexByte(known, '-'))]
	return (strings.HasPrefix(sid, "S-1-5-21-") || strings.HasPrefix(sid, "S-1-12-1-")) &&
		(machine == "" || !strings.HasPrefix(sid, machine+"-"))
}

func rdpHostReads() []Text {
	return []Text{
		same(terminalServicesPolicy + `\fDenyTSConnections (REG_DWORD)`),
		same(terminalServer + `\fDenyTSConnections (REG_DWORD)`),
		editionRead(),
	}
}

// notRDPHostFindings are for a machine to which nobody connects anyway.
func notRDPHostFindings() []Finding {
	return []Finding{
		{
			ID: "not-a-host", Verdict: OK,
			Text: Text{
				JA: "この PC ではリモート デスクトップ接続の受け付けが無効なため、影響ありません。接続先の PC で確認してください。",
				EN: "This computer does not accept Remote Desktop connections, so this does not matter here. Check it on the computer connected to.",
			},
		},
		{
			ID: "home", Verdict: NotApplicable,
			Text: Text{
				JA: "Windows の Home エディション ({edition}) は、リモート デスクトップの接続先になりません。",
				EN: "A Home edition of Windows ({edition}) cannot be a Remote Desktop host.",
			},
		},
	}
}

// notRDPHost is the finding for a machine that accepts no Remote Desktop
// connections or for which that cannot be told, else nil.
func notRDPHost(h host.Host) []Found {
	enabled, unreadable := rdpEnabled(h)
	if unreadable == nil && !enabled {
		return found("not-a-host")
	}
	return unreadable
}
