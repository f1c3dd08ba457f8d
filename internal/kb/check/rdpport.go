package check

import (
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const defaultRDPPort = 3389

func rdpPort() Check {
	return Check{
		ID: "rdp-server.port",
		Title: Text{
			JA: "リモート デスクトップのポート",
			EN: "Port of Remote Desktop",
		},
		About: Text{
			JA: "この PC が接続先の場合に、リモート デスクトップがどのポートで待ち受けているかを確認します。",
			EN: "If this computer is the one connected to: on which port does it listen for Remote Desktop, and does it?",
		},
		Reads: []Text{
			same(rdpListener + `\PortNumber (REG_DWORD)`),
			{
				JA: "このポートで待ち受けているプロセス (GetExtendedTcpTable)",
				EN: "processes that listen on this port (GetExtendedTcpTable)",
			},
			{
				JA: "サービス TermService の状態とプロセス ID (QueryServiceStatusEx)",
				EN: "state and process ID of the service TermService (QueryServiceStatusEx)",
			},
			same(terminalServicesPolicy + `\fDenyTSConnections (REG_DWORD)`),
			same(terminalServer + `\fDenyTSConnections (REG_DWORD)`),
			editionRead(),
		},
		Findings: append([]Finding{
			{
				ID: "not-listening", Verdict: Problem,
				Text: Text{
					JA: "リモート デスクトップは有効ですが、ポート {port} で待ち受けているプロセスがありません。",
					EN: "Remote Desktop is enabled, but nothing listens on port {port}.",
				},
				Fix: Remedy{Text: Text{
					JA: "rdp-server.service の結果を解決し、PC を再起動します。再起動すると接続中のセッションは切断されます。",
					EN: "Resolve the result of rdp-server.service and restart the computer, which cuts every open session.",
				}},
			},
			{
				ID: "taken", Verdict: Problem,
				Text: Text{
					JA: "ポート {port} は TermService ではない別のプロセス {program} (PID {pid}) が使っているため、リモート デスクトップが待ち受けできません。",
					EN: "Another process than TermService, {program} (PID {pid}), uses port {port}, so Remote Desktop cannot listen on it.",
				},
				Fix: Remedy{Text: Text{
					JA: "そのプログラムのポートを変更するか停止し、PC を再起動します (管理者)。再起動すると接続中のセッションは切断されます。",
					EN: "Change the port of that program or stop it, and restart the computer, which cuts every open session (administrator).",
				}},
			},
			{
				ID: "shared", Verdict: Warning,
				Text: Text{
					JA: "ポート {port} では、リモート デスクトップのほかに {program} (PID {pid}) も待ち受けています。接続がそちらに届くことがあります。",
					EN: "Besides Remote Desktop, {program} (PID {pid}) listens on port {port}. Connections may end up there.",
				},
				Fix: Remedy{Text: Text{
					JA: "そのプログラムの役割を確認し、必要でなければ停止するか、ポートを変更します (管理者)。",
					EN: "Find out what that program is for. If it is not needed there, stop it or change its port (administrator).",
				}},
			},
			{
				ID: "other-port", Verdict: Warning,
				Text: Text{
					JA: "リモート デスクトップのポートは既定の 3389 ではなく {port} です。接続元でポートを指定し、ファイアウォールにこのポートの規則を作る必要があります (組み込みの規則は 3389 だけです)。",
					EN: "The port of Remote Desktop is {port}, not 3389. Clients have to name it, and the firewall needs a rule for it: the built-in ones cover 3389 only.",
				},
				Fix: Remedy{
					Text: Text{
						JA: "意図した変更でなければ 3389 に戻し、PC を再起動します (管理者)。再起動すると接続中のセッションは切断されます。",
						EN: "Unless that is intended, set it back to 3389 and restart the computer, which cuts every open session (administrator).",
					},
					Command: `reg add "` + rdpListener + `" /v PortNumber /t REG_DWORD /d 3389 /f`,
				},
				Rollback: Remedy{
					Text: Text{
						JA: "変更前の番号 ({port}) に戻し、PC を再起動します。",
						EN: "Set it back to {port} and restart the computer.",
					},
					Command: `reg add "` + rdpListener + `" /v PortNumber /t REG_DWORD /d {port} /f`,
				},
			},
			{
				ID: "listening", Verdict: OK,
				Text: Text{
					JA: "ポート {port} で TermService ({program}、PID {pid}) が待ち受けています。",
					EN: "TermService ({program}, PID {pid}) listens on port {port}.",
				},
			},
			{
				ID: "listening-host", Verdict: OK,
				Text: Text{
					JA: "ポート {port} で {program} (PID {pid}) が待ち受けています。TermService のプロセス ID を読み取れないため、TermService のものかどうかは確かめていません。",
					EN: "{program} (PID {pid}) listens on port {port}. Whether it is that of TermService was not checked, as its process ID could not be read.",
				},
			},
			{
				ID: "not-a-host", Verdict: OK,
				Text: Text{
					JA: "リモート デスクトップ接続の受け付けが無効なため、待ち受けは確認していません (設定されたポート: {port})。",
					EN: "Remote Desktop connections are not accepted, so whether it listens was not checked (port set: {port}).",
				},
			},
			homeFinding(),
		}, settingFindings()...),
		Sources: []string{rdpHostSource},
	}
}

// rdpPortNumber reads the port of the listener. bad is also that this cannot
// be a host.
func rdpPortNumber(h host.Host) (port uint16, bad []Found) {
	edition, unreadable := editionID(h)
	if isHome(edition) {
		return 0, found("home", "edition", edition)
	}
	d, bad := readSetting(h, rdpListener, "PortNumber", 65535)
	switch {
	case bad != nil:
		return 0, bad
	case d.is(0):
		return 0, found("other-value", "what", rdpListener+`\PortNumber`, "value", "0")
	case d.set:
		return uint16(d.n), nil
	}
	return defaultRDPPort, unreadable
}

func judgeRDPPort(h host.Host, _ Args) []Found {
	port, bad := rdpPortNumber(h)
	if bad != nil {
		return bad
	}
	number := strconv.Itoa(int(port))
	enabled, unreadable := rdpEnabled(h)
	if unreadable != nil {
		return unreadable
	}
	if !enabled {
		return found("not-a-host", "port", number)
	}
	answer := judgeListeners(h, port, number)
	if port != defaultRDPPort {
		answer = append(answer, found("other-port", "port", number)...)
	}
	return answer
}

// judgeListeners says who listens on the port. TermService runs in a
// svchost.exe; without its process ID, any of them may be the one.
func judgeListeners(h host.Host, port uint16, number string) []Found {
	all, err := h.Listeners(port)
	if err != nil {
		return unread("GetExtendedTcpTable", err)
	}
	term, err := h.Service("TermService")
	known := err == nil && (term.PID != 0 || term.State == host.Stopped)
	var service, others []host.Process
	for _, p := range all {
		switch {
		case p.PID == 0, !known && p.Program == "":
			return unread("PID "+strconv.FormatUint(uint64(p.PID), 10), host.ErrDenied)
		case known && p.PID == term.PID, !known && strings.EqualFold(p.Program, "svchost.exe"):
			service = append(service, p)
		default:
			others = append(others, p)
		}
	}
	say := func(id string, p host.Process) []Found {
		return found(id, "port", number, "program", valueText(p.Program), "pid", strconv.FormatUint(uint64(p.PID), 10))
	}
	switch {
	case len(all) == 0:
		return found("not-listening", "port", number)
	case len(service) == 0:
		return say("taken", others[0])
	case len(others) > 0:
		return say("shared", others[0])
	case known:
		return say("listening", service[0])
	}
	return say("listening-host", service[0])
}
