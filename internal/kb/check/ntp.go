package check

import (
	"errors"
	"math/rand/v2"
	"time"

	"kbgen/internal/kb/host"
	"kbgen/internal/kb/sntp"
)

const (
	ntpPort    = 123
	ntpSamples = 3

	// kerberosTolerance is the default of "Maximum tolerance for computer
	// clock synchronization".
	kerberosTolerance = 5 * time.Minute
	noticeableOffset  = time.Minute
)

func ntpOffset() Check {
	return Check{
		ID: "time.ntp-offset",
		Title: Text{
			JA: "時刻サーバーとの時刻のずれ",
			EN: "Offset from a time server",
		},
		About: Text{
			JA: "この PC の時計が、-host で指定したサーバーの時計とどれだけずれているかを確認します。ドメインでは、ドメイン コントローラーを -host に指定します。",
			EN: "How far is this computer's clock from that of the server named with -host? In a domain, name a domain controller.",
		},
		Reads: []Text{{
			JA: "-host のサーバーの UDP ポート 123 への 48 バイトの問い合わせ 3 回 (SNTP) と応答の時刻",
			EN: "three questions of 48 bytes to UDP port 123 of the server of -host (SNTP), and the times in the answers",
		}},
		Needs: Needs{Network: true},
		Params: []Param{
			{Name: "server", Kind: KindHost, About: Text{JA: "時刻サーバーの名前かアドレス", EN: "name or address of the time server"}},
			limitParam("3s", 1),
		},
		Findings: ntpFindings(),
		Sources:  []string{"RFC 4330", "RFC 5905", "learn.microsoft.com (Maximum tolerance for computer clock synchronization)"},
	}
}

func ntpFindings() []Finding {
	sync := Remedy{
		Text: Text{
			JA: "時刻を同期し直します (管理者)。同期先の設定は time.peer-config、サービスは time.service で確認できます。タイム ゾーンの設定は、このずれに関係しません。",
			EN: "Synchronize the clock (administrator). time.peer-config shows what it is synchronized with, time.service the service. The time zone has no part in this offset.",
		},
		Command: "w32tm /resync",
	}
	back := Remedy{Text: Text{
		JA: "通常は不要です。同期で誤った時刻になった場合は、[設定] の [日付と時刻] で時刻を手動で設定します。",
		EN: "Not normally needed. If the clock is wrong afterwards, set it by hand under Date & time in Settings.",
	}}
	return []Finding{
		{
			ID: "far-off", Verdict: Problem,
			Text: Text{
				JA: "この PC の時計は {server} の時計と {offset} ずれています (+ は進み、- は遅れ)。Kerberos の既定の許容範囲 (5 分) を超えています。ドメイン コントローラーの時計からこれだけずれていると、ドメインの認証に失敗します。",
				EN: "This computer's clock is {offset} from that of {server} (+ is fast, - is slow), which is beyond the 5 minutes that Kerberos tolerates by default. With such an offset from the domain controllers, sign-in to the domain fails.",
			},
			Fix: sync, Rollback: back,
		},
		{
			ID: "off", Verdict: Warning,
			Text: Text{
				JA: "この PC の時計は {server} の時計と {offset} ずれています (+ は進み、- は遅れ)。Kerberos の既定の許容範囲 (5 分) には収まっています。",
				EN: "This computer's clock is {offset} from that of {server} (+ is fast, - is slow), within the 5 minutes that Kerberos tolerates by default.",
			},
			Fix: sync, Rollback: back,
		},
		{
			ID: "in-step", Verdict: OK,
			Text: Text{
				JA: "この PC の時計と {server} の時計のずれは {offset} です。",
				EN: "This computer's clock is {offset} from that of {server}.",
			},
		},
		{
			ID: "no-reply", Verdict: Unknown,
			Text: Text{
				JA: "{server} から時刻の応答がありません ({error})。UDP 123 が途中で遮断されているか、時刻サーバーではない可能性があります。ドメイン コントローラーか時刻サーバーを -host に指定してください。",
				EN: "{server} does not answer with the time ({error}). UDP 123 is often blocked, or the host is no time server. Name a domain controller or a time server with -host.",
			},
		},
		{
			ID: "kiss", Verdict: Unknown,
			Text: Text{
				JA: "{server} は時刻の提供を断りました (Kiss-o'-Death {code})。時間をおいて実行するか、別の時刻サーバーを -host に指定してください。",
				EN: "{server} declined to tell the time (Kiss-o'-Death {code}). Try again later, or name another time server with -host.",
			},
		},
		{
			ID: "unsynchronized", Verdict: Unknown,
			Text: Text{
				JA: "{server} の時計自体が同期されていないため、比べられません。",
				EN: "The clock of {server} is itself not synchronized, so it is nothing to compare with.",
			},
		},
		{
			ID: "not-ntp", Verdict: Unknown,
			Text: Text{
				JA: "{server} の応答は、問い合わせに対する正しい時刻の応答ではありません。",
				EN: "The answer of {server} is not a proper answer to the question for the time.",
			},
		},
	}
}

func judgeOffset(h host.Host, args Args) []Found {
	p, unreached := newPeer(h, args, "server", ntpPort)
	if unreached != nil {
		return unreached
	}
	for {
		offsets, failure := p.offsets()
		if offsets != nil {
			return p.offset(median(offsets))
		}
		if len(p.addrs) == 1 {
			return noOffset(p.at(p.addrs[0]), failure)
		}
		p.addrs = p.addrs[1:]
	}
}

// offset judges how far the first address's clock is ahead.
func (p *peer) offset(d time.Duration) []Found {
	ahead := -d // of this clock
	id := "in-step"
	switch {
	case ahead.Abs() > kerberosTolerance:
		id = "far-off"
	case ahead.Abs() > noticeableOffset:
		id = "off"
	}
	sign := "+"
	if ahead < 0 {
		sign = "-"
	}
	return found(id, "server", p.at(p.addrs[0]), "offset", sign+ahead.Abs().Round(time.Millisecond).String())
}

// median is the middle one of up to three.
func median(d []time.Duration) time.Duration {
	for len(d) < ntpSamples {
		d = append(d, d[0])
	}
	return max(min(d[0], d[1]), min(max(d[0], d[1]), d[2]))
}

// offsets asks the first address. One that says nothing at all is asked once.
func (p *peer) offsets() (offsets []time.Duration, failure error) {
	for range ntpSamples {
		// Any number that a stranger cannot guess.
		nonce := rand.Uint64() | 1
		a, err := p.remote.Ask(p.addrs[0], p.port, sntp.Request(nonce), p.limit)
		if err != nil {
			return offsets, err
		}
		d, err := sntp.Offset(a.Packet, nonce, a.Sent, a.Received)
		if err != nil {
			failure = err
			continue
		}
		offsets = append(offsets, d)
	}
	return offsets, failure
}

func noOffset(server string, err error) []Found {
	var kiss sntp.Kiss
	switch {
	case errors.As(err, &kiss):
		return found("kiss", "server", server, "code", string(kiss))
	case errors.Is(err, sntp.ErrUnsynchronized):
		return found("unsynchronized", "server", server)
	case errors.Is(err, sntp.ErrFormat), errors.Is(err, sntp.ErrOtherQuestion):
		return found("not-ntp", "server", server)
	case errors.Is(err, host.ErrRefused), errors.Is(err, host.ErrTimeout), errors.Is(err, host.ErrUnreachable):
		return found("no-reply", "server", server, "error", winsockName(err))
	}
	return unread(server, err)
}
