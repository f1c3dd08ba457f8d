package check

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"kbgen/internal/kb/host"
)

// Stores of a machine's certificates.
const (
	personalStore  = "MY"
	selfMadeStore  = "Remote Desktop"
	expiringWithin = 30 * 24 * time.Hour
)

func rdpCertificate() Check {
	custom := Remedy{Text: Text{
		JA: "証明書を管理者が更新または再発行し、秘密キーを NETWORK SERVICE が読み取れるようにして、リスナーに設定し直します。変更前に証明書をエクスポートし、SSLCertificateSHA1Hash の値 ({hash}) を控えます。",
		EN: "An administrator renews or reissues the certificate, lets NETWORK SERVICE read its private key, and assigns it to the listener again. Export the certificate and note SSLCertificateSHA1Hash ({hash}) before.",
	}}
	customBack := Remedy{Text: Text{
		JA: "SSLCertificateSHA1Hash を変更前の値 ({hash}) に戻します。",
		EN: "Set SSLCertificateSHA1Hash back to {hash}.",
	}}
	return Check{
		ID: "rdp-server.listener-certificate",
		Title: Text{
			JA: "リモート デスクトップのリスナーの証明書",
			EN: "Certificate of the Remote Desktop listener",
		},
		About: Text{
			JA: "この PC が接続先の場合に、リモート デスクトップの証明書が存在し、有効期限内かを確認します。",
			EN: "If this computer is the one connected to: does the certificate of Remote Desktop exist, and is it valid?",
		},
		Reads: []Text{
			same(rdpListener + `\SSLCertificateSHA1Hash (REG_BINARY)`),
			{
				JA: "このコンピューターの証明書ストア " + personalStore + " と " + selfMadeStore + " (ハッシュ、有効期間、秘密キーの有無)",
				EN: "certificate stores " + personalStore + " and " + selfMadeStore + " of this computer (hash, validity, whether there is a private key)",
			},
			{JA: "現在の日時", EN: "the current time"},
			editionRead(),
		},
		Needs: Needs{Admin: AdminMaybe},
		Findings: []Finding{
			{
				ID: "missing", Verdict: Problem,
				Text: Text{
					JA: "リスナーに設定された証明書 {hash} が、ストア MY にありません。",
					EN: "The certificate assigned to the listener, {hash}, is not in the store MY.",
				},
				Fix: custom, Rollback: customBack,
			},
			{
				ID: "no-key", Verdict: Problem,
				Text: Text{
					JA: "リスナーに設定された証明書 {hash} に秘密キーがありません。",
					EN: "The certificate assigned to the listener, {hash}, has no private key.",
				},
				Fix: custom, Rollback: customBack,
			},
			{
				ID: "expired", Verdict: Problem,
				Text: Text{
					JA: "リスナーに設定された証明書 {hash} の有効期限が切れています ({time})。",
					EN: "The certificate assigned to the listener, {hash}, has expired ({time}).",
				},
				Fix: custom, Rollback: customBack,
			},
			{
				ID: "expiring", Verdict: Warning,
				Text: Text{
					JA: "リスナーに設定された証明書 {hash} の有効期限が 30 日以内に切れます ({time})。",
					EN: "The certificate assigned to the listener, {hash}, expires within 30 days ({time}).",
				},
				Fix: custom, Rollback: customBack,
			},
			{
				ID: "valid", Verdict: OK,
				Text: Text{
					JA: "リスナーに設定された証明書 {hash} は有効です (期限: {time})。",
					EN: "The certificate assigned to the listener, {hash}, is valid until {time}.",
				},
			},
			{
				ID: "self-made-expired", Verdict: Problem,
				Text: Text{
					JA: "リモート デスクトップの自己署名証明書 {hash} の有効期限が切れています ({time})。",
					EN: "The self-signed certificate of Remote Desktop, {hash}, has expired ({time}).",
				},
				Fix: Remedy{
					Text: Text{
						JA: "証明書をファイルに保存してから削除し、PC を再起動すると、作り直されます (管理者)。作り直されない場合は、MachineKeys フォルダーの権限 (Administrators: フル コントロール、Everyone: 読み取りと書き込み) を確認します。",
						EN: "Save the certificate to a file, delete it and restart the computer: it is made anew (administrator). If it is not, look at the permissions of the folder MachineKeys (Administrators full control, Everyone read and write).",
					},
					Command: `certutil -store "` + selfMadeStore + `" {hash} "%TEMP%\{hash}.cer"` + "\n" +
						`certutil -delstore "` + selfMadeStore + `" {hash}`,
				},
				Rollback: Remedy{
					Text: Text{
						JA: "保存したファイルから証明書を戻します。",
						EN: "Put the certificate back from the file.",
					},
					Command: `certutil -addstore "` + selfMadeStore + `" "%TEMP%\{hash}.cer"`,
				},
			},
			{
				ID: "self-made", Verdict: OK,
				Text: Text{
					JA: "リモート デスクトップは自己署名証明書 {hash} を使います (期限: {time})。",
					EN: "Remote Desktop uses the self-signed certificate {hash}, valid until {time}.",
				},
			},
			{
				ID: "none", Verdict: Unknown,
				Text: Text{
					JA: "リモート デスクトップの証明書はまだありません。最初の接続までに Windows が作成するため、この結果からは判断できません。",
					EN: "Remote Desktop has no certificate yet. Windows makes one by the first connection, so nothing can be concluded.",
				},
			},
			homeFinding(),
			wrongTypeFinding(),
		},
		Sources: []string{
			"learn.microsoft.com/troubleshoot/windows-server/remote/remote-desktop-listener-certificate-configurations",
			"learn.microsoft.com/windows/win32/termserv/win32-tsgeneralsetting",
		},
	}
}

func judgeRDPCertificate(h host.Host, _ Args) []Found {
	if edition, home := homeEdition(h); home {
		return found("home", "edition", edition)
	}
	const name = rdpListener + `\SSLCertificateSHA1Hash`
	v, err := h.Value(rdpListener, "SSLCertificateSHA1Hash")
	custom := err == nil
	if err != nil && !errors.Is(err, host.ErrAbsent) {
		return unread(name, err)
	}
	if custom && (v.Type != host.RegBinary || len(v.Data) != 20) {
		return found("wrong-type", "what", name, "type", v.Type.String(), "value", valueText(v.String()))
	}
	store := selfMadeStore
	if custom {
		store = personalStore
	}
	all, err := h.Certificates(store)
	if err != nil && (!custom || !errors.Is(err, host.ErrAbsent)) {
		return unread(store, err)
	}
	clock, err := h.Clock()
	if err != nil {
		return unread("GetSystemTimeAsFileTime", err)
	}
	if !custom {
		return judgeSelfMade(all, clock.Now)
	}
	hash := fmt.Sprintf("%x", v.Data)
	i := slices.IndexFunc(all, func(c host.Certificate) bool { return string(c.SHA1[:]) == string(v.Data) })
	if i < 0 {
		return found("missing", "hash", hash)
	}
	end := all[i].NotAfter
	switch {
	case !all[i].HasKey:
		return found("no-key", "hash", hash)
	case end.Before(clock.Now):
		return found("expired", "hash", hash, "time", minuteUTC(end))
	case end.Sub(clock.Now) < expiringWithin:
		return found("expiring", "hash", hash, "time", minuteUTC(end))
	}
	return found("valid", "hash", hash, "time", minuteUTC(end))
}

// judgeSelfMade judges the certificate that Windows has made itself, the one
// that is valid longest. Windows renews it, so that its end may be near.
func judgeSelfMade(all []host.Certificate, now time.Time) []Found {
	if len(all) == 0 {
		return found("none")
	}
	c := slices.MaxFunc(all, func(a, b host.Certificate) int { return a.NotAfter.Compare(b.NotAfter) })
	id := "self-made"
	if c.NotAfter.Before(now) {
		id = "self-made-expired"
	}
	return found(id, "hash", fmt.Sprintf("%x", c.SHA1), "time", minuteUTC(c.NotAfter))
}
