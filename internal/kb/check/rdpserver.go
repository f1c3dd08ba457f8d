package check

import (
	"errors"

	"kbgen/internal/kb/host"
)

const (
	terminalServer         = `HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server`
	rdpListener            = terminalServer + `\WinStations\RDP-Tcp`
	terminalServicesPolicy = `HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services`
)

// rdpServer is the family about this machine as a Remote Desktop host.
func rdpServer() []Check {
	return []Check{
		rdpEnabledCheck(),
		rdpNLA(),
		rdpSecurityLayer(),
		rdpPrompt(),
		rdpPort(),
		rdpService(),
		rdpCertificate(),
		rdpFirewall(),
	}
}

// homeFinding is what every check of this family says of a Home edition.
func homeFinding() Finding {
	return Finding{
		ID: "home", Verdict: NotApplicable,
		Text: Text{
			JA: "Windows の Home エディション ({edition}) は、リモート デスクトップの接続先になりません。",
			EN: "A Home edition of Windows ({edition}) cannot be a Remote Desktop host.",
		},
	}
}

// rdpHostSource is the page that most of this family rests on.
const rdpHostSource = "learn.microsoft.com/troubleshoot/windows-server/remote/rdp-error-general-troubleshooting"

func rdpEnabledCheck() Check {
	local := Remedy{
		Text: Text{
			JA: "接続先として使う PC であれば、[設定] > [システム] > [リモート デスクトップ] で有効にするか、レジストリの fDenyTSConnections を 0 にします (管理者)。ファイアウォールは rdp-server.firewall で確認します。",
			EN: "If this computer is meant to be connected to, switch on Settings > System > Remote Desktop, or set fDenyTSConnections to 0 in the registry (administrator). For the firewall see rdp-server.firewall.",
		},
		Command: `reg add "` + terminalServer + `" /v fDenyTSConnections /t REG_DWORD /d 0 /f`,
	}
	localBack := Remedy{
		Text: Text{
			JA: "リモート デスクトップを無効に戻します (変更前の fDenyTSConnections は 1)。",
			EN: "Switch Remote Desktop off again (fDenyTSConnections was 1 before).",
		},
		Command: `reg add "` + terminalServer + `" /v fDenyTSConnections /t REG_DWORD /d 1 /f`,
	}
	unset := Remedy{
		Text: Text{
			JA: "リモート デスクトップを無効に戻します。変更前は値がなかったため、値を削除します。",
			EN: "Switch Remote Desktop off again. There was no value before: delete it.",
		},
		Command: `reg delete "` + terminalServer + `" /v fDenyTSConnections /f`,
	}
	policy := Remedy{Text: Text{
		JA: "接続先として使う PC であれば、GPO の管理者に、[リモート デスクトップ セッション ホスト] > [接続] > [ユーザーがリモート デスクトップ サービスを使ってリモート接続することを許可する] を有効または未構成にするよう依頼します。PC 側で変更しても元に戻ります。",
		EN: "If this computer is meant to be connected to, ask the administrator of the GPO to set Remote Desktop Session Host > Connections > Allow users to connect remotely by using Remote Desktop Services to Enabled or Not Configured. A change on the computer itself does not last.",
	}}
	off := Text{
		JA: "リモート デスクトップ接続の受け付けが無効です (fDenyTSConnections: 1)。",
		EN: "Remote Desktop connections are not accepted (fDenyTSConnections: 1).",
	}
	notSet := Text{
		JA: "リモート デスクトップ接続の受け付けは設定されていません (fDenyTSConnections なし)。その場合、Windows は通常、接続を受け付けません。",
		EN: "Nothing says whether Remote Desktop connections are accepted (no fDenyTSConnections). Windows then normally accepts none.",
	}
	blocked := Text{
		JA: "リモート デスクトップ接続の受け付けが GPO で禁止されています (ポリシーの fDenyTSConnections: 1)。",
		EN: "A GPO forbids Remote Desktop connections (fDenyTSConnections of the policy: 1).",
	}
	onClient := func(t Text) Text {
		return Text{
			JA: t.JA + "この PC が接続先であれば、これが接続できない原因です。接続元として使う場合は影響ありません。",
			EN: t.EN + " If this computer is the one connected to, that is why connecting fails. As a client it is not affected.",
		}
	}
	return Check{
		ID: "rdp-server.enabled",
		Title: Text{
			JA: "リモート デスクトップ接続の受け付け",
			EN: "Whether Remote Desktop connections are accepted",
		},
		About: Text{
			JA: "この PC が接続先の場合に、リモート デスクトップ接続を受け付ける設定かを確認します。",
			EN: "If this computer is the one connected to: is it set to accept Remote Desktop connections?",
		},
		Reads: []Text{
			same(terminalServicesPolicy + `\fDenyTSConnections (REG_DWORD)`),
			same(terminalServer + `\fDenyTSConnections (REG_DWORD)`),
			{JA: "製品の種類 (RtlGetVersion)", EN: "kind of product (RtlGetVersion)"},
			editionRead(),
		},
		Findings: append([]Finding{
			{ID: "off-on-server", Verdict: Problem, Text: off, Fix: local, Rollback: localBack},
			{ID: "blocked-on-server", Verdict: Problem, Text: blocked, Fix: policy},
			{ID: "off", Verdict: Warning, Text: onClient(off), Fix: local, Rollback: localBack},
			{ID: "unset", Verdict: Warning, Text: onClient(notSet), Fix: local, Rollback: unset},
			{ID: "blocked", Verdict: Warning, Text: onClient(blocked), Fix: policy},
			{
				ID: "on", Verdict: OK,
				Text: Text{
					JA: "リモート デスクトップ接続の受け付けは有効です ({key})。",
					EN: "Remote Desktop connections are accepted ({key}).",
				},
			},
			homeFinding(),
		}, settingFindings()...),
		Sources: []string{rdpHostSource},
	}
}

func judgeRDPEnabled(h host.Host, _ Args) []Found {
	deny, key, bad := rdpSetting(h, terminalServer, "fDenyTSConnections", 1)
	if bad != nil {
		return bad
	}
	if deny.is(0) {
		return found("on", "key", key)
	}
	if !deny.set { // that this means off is not confirmed
		return found("unset")
	}
	s, err := h.System()
	if err != nil {
		return unread("RtlGetVersion", err)
	}
	id := "off"
	if key == terminalServicesPolicy {
		id = "blocked"
	}
	if s.Product != host.Workstation {
		id += "-on-server"
	}
	return found(id)
}

// rdpSetting reads a setting of this machine as a Remote Desktop host, and the
// key that decides it: the policy if it is set there, else local. A Home
// edition has no such setting. That it is set nowhere is an answer only of a
// machine whose edition can be read.
func rdpSetting(h host.Host, local, name string, most uint32) (d dword, key string, bad []Found) {
	edition, unreadable := editionID(h)
	if isHome(edition) {
		return d, "", found("home", "edition", edition)
	}
	for _, key = range []string{terminalServicesPolicy, local} {
		if d, bad = readSetting(h, key, name, most); bad != nil || d.set {
			return d, key, bad
		}
	}
	return d, local, unreadable
}

func rdpService() Check {
	return Check{
		ID: "rdp-server.service",
		Title: Text{
			JA: "リモート デスクトップのサービスの状態",
			EN: "State of the Remote Desktop services",
		},
		About: Text{
			JA: "この PC が接続先の場合に、リモート デスクトップのサービスが接続を受け付けられる状態かを確認します。",
			EN: "If this computer is the one connected to: are its Remote Desktop services able to accept connections?",
		},
		Reads: []Text{
			{
				JA: "サービス TermService、UmRdpService、SessionEnv の状態とスタートアップの種類",
				EN: "state and start type of the services TermService, UmRdpService and SessionEnv",
			},
			same(terminalServicesPolicy + `\fDenyTSConnections (REG_DWORD)`),
			same(terminalServer + `\fDenyTSConnections (REG_DWORD)`),
			editionRead(),
		},
		Findings: rdpServiceFindings(),
		Sources:  []string{rdpHostSource},
	}
}

func rdpServiceFindings() []Finding {
	redirect, noRedirect := startService("UmRdpService")
	start, stop := startService("TermService")
	stop.Text.JA += "停止すると、接続中のリモート デスクトップ セッションはすべて切断されます。"
	stop.Text.EN += " This cuts every Remote Desktop session that is open."
	return []Finding{
		{
			ID: "disabled", Verdict: Problem,
			Text: Text{
				JA: "TermService (Remote Desktop Services) が無効です。この PC はリモート デスクトップ接続を受け付けられません。",
				EN: "TermService (Remote Desktop Services) is disabled. This computer cannot accept Remote Desktop connections.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "接続先として使う PC であれば、スタートアップの種類を手動に戻して開始します (管理者)。",
					EN: "If this computer is meant to be connected to, set the start type back to manual and start the service (administrator).",
				},
				Command: "sc config TermService start= demand\nnet start TermService",
			},
			Rollback: Remedy{
				Text: Text{
					JA: "スタートアップの種類を無効に戻します。再起動後に反映されます。",
					EN: "Set the start type back to disabled; it takes effect at the next restart.",
				},
				Command: "sc config TermService start= disabled",
			},
		},
		{
			ID: "missing", Verdict: Unknown,
			Text: Text{
				JA: "TermService (Remote Desktop Services) が見つかりません。通常の Windows にはあるサービスのため、この結果からは判断できません。",
				EN: "TermService (Remote Desktop Services) does not exist here. Windows normally has it, so nothing can be concluded.",
			},
		},
		{
			ID: "stopped", Verdict: Problem,
			Text: Text{
				JA: "リモート デスクトップは有効ですが、TermService が動作していません (状態: {state}、スタートアップの種類: {start})。",
				EN: "Remote Desktop is enabled, but TermService is not running (state: {state}, start type: {start}).",
			},
			Fix: start, Rollback: stop,
		},
		{
			ID: "redirector-stopped", Verdict: Warning,
			Text: Text{
				JA: "UmRdpService が動作していません (状態: {state}、スタートアップの種類: {start})。接続はできても、プリンターやドライブのリダイレクトが使えないことがあります。",
				EN: "UmRdpService is not running (state: {state}, start type: {start}). Connections work, but redirected printers and drives may not.",
			},
			Fix: redirect, Rollback: noRedirect,
		},
		{
			ID: "not-a-host", Verdict: OK,
			Text: Text{
				JA: "この PC ではリモート デスクトップ接続の受け付けが無効です。接続元として使う場合は影響ありません (TermService の状態: {state})。",
				EN: "This computer does not accept Remote Desktop connections. As a client it is not affected (state of TermService: {state}).",
			},
		},
		{
			ID: "running", Verdict: OK,
			Text: Text{
				JA: "リモート デスクトップのサービスは動作しています (TermService: {state}、SessionEnv: {session-env})。",
				EN: "The Remote Desktop services are running (TermService: {state}, SessionEnv: {session-env}).",
			},
		},
		homeFinding(),
	}
}

func judgeRDPService(h host.Host, _ Args) []Found {
	if id, home := homeEdition(h); home {
		return found("home", "edition", id)
	}
	term, err := h.Service("TermService")
	if errors.Is(err, host.ErrAbsent) {
		return found("missing")
	}
	if err != nil {
		return unread("TermService", err)
	}
	if term.Start == host.Disabled {
		return found("disabled")
	}
	enabled, unreadable := rdpEnabled(h)
	if unreadable != nil {
		return unreadable
	}
	if !enabled {
		return found("not-a-host", "state", term.State.String())
	}
	if term.State != host.Running {
		return found("stopped", "state", term.State.String(), "start", term.Start.String())
	}
	env := "-"
	if s, err := h.Service("SessionEnv"); err == nil {
		env = s.State.String()
	}
	answer := found("running", "state", term.State.String(), "session-env", env)
	um, err := h.Service("UmRdpService")
	switch {
	case errors.Is(err, host.ErrAbsent):
	case err != nil:
		answer = append(answer, unread("UmRdpService", err)...)
	case um.State != host.Running:
		answer = append(answer, found("redirector-stopped", "state", um.State.String(), "start", um.Start.String())...)
	}
	return answer
}

// rdpEnabled reports whether this machine accepts Remote Desktop connections:
// the policy if it is set, else the local setting, which is off if absent. If
// that cannot be told, it returns the finding that says so.
func rdpEnabled(h host.Host) (enabled bool, unreadable []Found) {
	for _, key := range []string{terminalServicesPolicy, terminalServer} {
		const name = "fDenyTSConnections"
		v, err := h.Value(key, name)
		if errors.Is(err, host.ErrAbsent) {
			continue
		}
		if err != nil {
			return false, unread(key+`\`+name, err)
		}
		deny, ok := v.DWord()
		if !ok {
			return false, wrongType(key+`\`+name, v)
		}
		return deny == 0, nil
	}
	return false, nil
}
