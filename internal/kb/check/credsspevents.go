package check

import (
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

// versionBlocked is the event of LSA about a peer that it has refused. Its
// data are the target and the CredSSP version that the peer has offered.
const versionBlocked = 6041

func versionBlockEvents() Check {
	return Check{
		ID: "credssp.version-block-events",
		Title: Text{
			JA: "CredSSP の接続を拒否した記録",
			EN: "Records of refused CredSSP connections",
		},
		About: Text{
			JA: "「暗号化オラクルの修復」の設定により、この PC が相手との CredSSP の接続を実際に拒否したかを確認します。",
			EN: "Has this computer actually refused a CredSSP peer because of Encryption Oracle Remediation?",
		},
		Reads: []Text{{
			JA: "System のイベント 6041 (LsaSrv)",
			EN: "event 6041 (LsaSrv) in System",
		}},
		Params: []Param{
			{
				Name: "days", Kind: KindNumber, Default: "7", Min: 1, Max: 365,
				About: Text{JA: "さかのぼる日数", EN: "how many days to look back"},
			},
			{
				Name: "target", Kind: KindText,
				About: Text{
					JA: "拒否された相手。TERMSRV/ に続く名前 (省略時はすべて)",
					EN: "the refused peer, the name behind TERMSRV/; every one if left out",
				},
			},
		},
		Findings: []Finding{
			{
				ID: "refused", Verdict: Problem,
				Text: Text{
					JA: "{target} との CredSSP の接続を拒否しました (イベント 6041、{count} 件、最新 {time})。相手の CredSSP のバージョンは {version} です。2 から 4 は修正が適用されていません。",
					EN: "CredSSP with {target} was refused (event 6041, {count} times, last {time}). The peer offered version {version}; 2 to 4 lack the fix.",
				},
				Fix: Remedy{Text: Text{
					JA: "相手に最新の累積更新プログラムを適用し、再起動します。この PC の設定は credssp.encryption-oracle で確認します。",
					EN: "Install the latest cumulative update on the peer and restart it. The check credssp.encryption-oracle looks at the setting of this computer.",
				}},
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "過去 {days} 日間に、この PC が CredSSP の接続を拒否した記録はありません。拒否は、拒否した側 (通常は接続元) に記録されます。",
					EN: "No CredSSP connection refused by this computer has been recorded in the last {days} days. The side that refuses keeps the record, normally the client.",
				},
			},
		},
		Sources: []string{"KB4093492", "Windows event manifest of LsaSrv"},
	}
}

func judgeVersionBlockEvents(h host.Host, args Args) []Found {
	clock, err := h.Clock()
	if err != nil {
		return unread("GetSystemTimeAsFileTime", err)
	}
	events, err := h.Events(host.EventQuery{
		Channel:   "System",
		Providers: []string{lsaSrv, lsaSrvLong},
		IDs:       []uint32{versionBlocked},
		Since:     clock.Now.AddDate(0, 0, -args.Number("days")),
		Most:      500,
	})
	if err != nil {
		return unread("System", err)
	}
	var last host.Event
	count := 0
	for _, e := range events {
		_, name, _ := strings.Cut(e.At(0), "/")
		if want := args["target"]; want != "" && !strings.EqualFold(e.At(0), want) && !strings.EqualFold(name, want) {
			continue
		}
		if count++; count == 1 {
			last = e
		}
	}
	if count == 0 {
		return found("none", "days", args["days"])
	}
	return found("refused", "target", valueText(last.At(0)), "version", valueText(last.At(1)), "count", strconv.Itoa(count), "time", eventTime(last))
}
