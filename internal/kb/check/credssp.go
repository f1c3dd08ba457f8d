package check

import (
	"errors"
	"fmt"

	"kbgen/internal/kb/host"
)

const (
	credsspParameters = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP\Parameters`
	currentVersion    = `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`
	tspkg             = `%SystemRoot%\System32\TSpkg.dll`
)

// credssp is the family about the protocol that carries credentials to a
// Remote Desktop host, and its remedy for CVE-2018-0886.
func credssp() []Check {
	return []Check{
		{
			ID: "credssp.encryption-oracle",
			Title: Text{
				JA: "CredSSP の暗号化オラクルの修復の設定",
				EN: "Encryption Oracle Remediation setting of CredSSP",
			},
			About: Text{
				JA: "この PC の設定が、安全でない CredSSP での接続を許可しているか、拒否しているかを確認します。",
				EN: "Does this computer's setting allow or refuse connections over insecure CredSSP?",
			},
			Reads: []Text{
				same(credsspParameters + `\AllowEncryptionOracle (REG_DWORD)`),
				{
					JA: "Windows のビルド、UBR、TSpkg.dll のバージョン (credssp.patch-level と同じ)",
					EN: "Windows build, UBR and version of TSpkg.dll (as credssp.patch-level)",
				},
			},
			Findings: encryptionOracleFindings(),
			Sources: []string{
				"learn.microsoft.com/windows/client-management/mdm/policy-csp-admx-credssp",
				"KB4093492",
				"learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/credssp-encryption-oracle-remediation",
			},
		},
		{
			ID: "credssp.patch-level",
			Title: Text{
				JA: "CVE-2018-0886 (CredSSP) の修正の有無",
				EN: "Presence of the fix for CVE-2018-0886 (CredSSP)",
			},
			About: Text{
				JA: "この Windows に CredSSP の修正 (2018 年 3 月) と、既定値を「軽減済み」に変えた更新 (2018 年 5 月) が含まれているかを確認します。",
				EN: "Does this Windows contain the CredSSP fix (March 2018) and the update that made Mitigated the default (May 2018)?",
			},
			Reads: []Text{
				{JA: "Windows のビルド (RtlGetVersion)", EN: "Windows build (RtlGetVersion)"},
				same(currentVersion + `\UBR (REG_DWORD)`),
				{JA: tspkg + " のファイル バージョン", EN: "file version of " + tspkg},
			},
			Findings: patchLevelFindings(),
			Sources: []string{
				"learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/credssp-encryption-oracle-remediation",
				"KB4093492",
				"KB4088786, KB4088779, KB4088787, KB4088782, KB4088776",
			},
		},
		versionBlockEvents(),
		credsspServerVersion(),
	}
}

func encryptionOracleFindings() []Finding {
	update := Text{
		JA: "接続元と接続先の両方に最新の累積更新プログラムを適用し、再起動します。",
		EN: "Install the latest cumulative update on both ends and restart them.",
	}
	remove := Remedy{
		Text: Text{
			JA: "接続先に修正を適用してから、値を削除して再起動します (管理者)。2018 年 5 月以降の更新プログラムがあれば、既定の「軽減済み」に戻ります。GPO で設定されている場合は、[コンピューターの構成] > [管理用テンプレート] > [システム] > [資格情報の委任] > [暗号化オラクルの修復] を未構成にします。レジストリだけを変えても GPO が書き戻します。",
			EN: "Update the servers, then delete the value and restart (administrator). With the updates of May 2018 or later this returns to the default, Mitigated. If a GPO sets the value, set Computer Configuration > Administrative Templates > System > Credentials Delegation > Encryption Oracle Remediation to Not Configured: it would write the value again.",
		},
		Command: `reg delete "` + credsspParameters + `" /v AllowEncryptionOracle /f`,
	}
	restore := func(value string) Remedy {
		return Remedy{
			Text: Text{
				JA: "変更前の値 (" + value + ") に戻し、再起動します。",
				EN: "Set the value back to what it was before, " + value + ", and restart.",
			},
			Command: `reg add "` + credsspParameters + `" /v AllowEncryptionOracle /t REG_DWORD /d ` + value + ` /f`,
		}
	}
	insecure := restore("2")
	insecure.Text = Text{
		JA: "変更前の値 (2) に戻し、再起動します。接続先のサーバーが危険にさらされるため、接続先に修正を適用するまでの間に限ります。",
		EN: "Set the value back to what it was before, 2, and restart. This exposes the servers: only until they have the fix.",
	}
	return []Finding{
		{
			ID: "vulnerable", Verdict: Problem,
			Text: Text{
				JA: "AllowEncryptionOracle は 2 (脆弱) です。修正が適用されていないサーバーにも接続できる代わりに、接続先のサーバーが危険にさらされます。一時的な回避策が残ったままになっています。",
				EN: "AllowEncryptionOracle is 2 (Vulnerable). Connections to unpatched servers work, but the servers this computer connects to are exposed. A temporary workaround was left on.",
			},
			Fix: remove, Rollback: insecure,
		},
		{
			ID: "force-updated", Verdict: Warning,
			Text: Text{
				JA: "AllowEncryptionOracle は 0 (更新されたクライアントを強制する) です。最も厳しい設定で、修正が適用されていない相手とは、接続元としても接続先としても接続できません。実際に拒否したかは credssp.version-block-events で確認します。",
				EN: "AllowEncryptionOracle is 0 (Force Updated Clients), the strictest setting: connections with an unpatched computer fail in both directions. credssp.version-block-events shows whether any was refused.",
			},
			Fix: Remedy{Text: update},
		},
		{
			ID: "mitigated", Verdict: OK,
			Text: Text{
				JA: "AllowEncryptionOracle は 1 (軽減済み) です。修正が適用されていないサーバーには接続しません。接続先としては、修正が適用されていない接続元も受け入れます。",
				EN: "AllowEncryptionOracle is 1 (Mitigated). This computer does not connect to an unpatched server; as a server it still accepts unpatched clients.",
			},
		},
		{
			ID: "default-mitigated", Verdict: OK,
			Text: Text{
				JA: "AllowEncryptionOracle は設定されていません。この Windows の既定は「軽減済み」(1 と同じ) で、修正が適用されていないサーバーには接続しません。",
				EN: "AllowEncryptionOracle is not set. The default of this Windows is Mitigated (same as 1): it does not connect to an unpatched server.",
			},
		},
		{
			ID: "default-vulnerable", Verdict: Warning,
			Text: Text{
				JA: "AllowEncryptionOracle は設定されておらず、この Windows の既定はまだ「脆弱」(2 と同じ) です。2018 年 5 月以降の更新プログラムで既定が変わります。",
				EN: "AllowEncryptionOracle is not set, and the default of this Windows is still Vulnerable (same as 2). The updates of May 2018 and later change it.",
			},
			Fix: Remedy{Text: update},
		},
		{
			ID: "no-effect", Verdict: NotApplicable,
			Text: Text{
				JA: "この Windows には CredSSP の修正が含まれていないため、AllowEncryptionOracle (現在: {value}) は効果がありません。credssp.patch-level の結果を先に解決してください。",
				EN: "This Windows lacks the CredSSP fix, so AllowEncryptionOracle (now: {value}) has no effect. Resolve the result of credssp.patch-level first.",
			},
		},
		{
			ID: "default-unclear", Verdict: Unknown,
			Text: Text{
				JA: "AllowEncryptionOracle は設定されていません。更新プログラムの適用状況を判定できないため、既定が「軽減済み」かどうかはわかりません。",
				EN: "AllowEncryptionOracle is not set. Whether the default is Mitigated is not known, because the patch level of this Windows could not be judged.",
			},
		},
		{
			ID: "other-value", Verdict: Warning,
			Text: Text{
				JA: "AllowEncryptionOracle は {value} です。意味が定められている値は 0、1、2 だけです。",
				EN: "AllowEncryptionOracle is {value}. Only 0, 1 and 2 have a meaning.",
			},
			Fix: remove, Rollback: restore("{value}"),
		},
		{
			ID: "wrong-type", Verdict: Warning,
			Text: Text{
				JA: "AllowEncryptionOracle の型が {type} です (値: {value})。4 バイトの REG_DWORD でないため、意図した設定になっていない可能性があります。",
				EN: "AllowEncryptionOracle is of type {type} (value: {value}). As it is not a REG_DWORD of 4 bytes, the setting may not be what was intended.",
			},
			Fix: remove,
			Rollback: Remedy{Text: Text{
				JA: "削除する前の型 ({type}) と値 ({value}) で作成し直し、再起動します。",
				EN: "Create the value again with the type ({type}) and data ({value}) it had, and restart.",
			}},
		},
	}
}

func judgeEncryptionOracle(h host.Host, _ Args) []Found {
	v, err := h.Value(credsspParameters, "AllowEncryptionOracle")
	absent := errors.Is(err, host.ErrAbsent)
	if err != nil && !absent {
		return unread(credsspParameters+`\AllowEncryptionOracle`, err)
	}
	level, _ := patchLevel(h)
	if level == unpatched {
		value := "-"
		if !absent {
			value = v.String()
		}
		return found("no-effect", "value", value)
	}
	if absent {
		switch level {
		case patched:
			return found("default-mitigated")
		case marchOnly:
			return found("default-vulnerable")
		}
		return found("default-unclear")
	}
	n, ok := v.DWord()
	if !ok {
		return found("wrong-type", "type", v.Type.String(), "value", v.String())
	}
	switch n {
	case 0:
		return found("force-updated")
	case 1:
		return found("mitigated")
	case 2:
		return found("vulnerable")
	}
	return found("other-value", "value", fmt.Sprint(n))
}

func patchLevelFindings() []Finding {
	update := Remedy{Text: Text{
		JA: "最新の累積更新プログラムを適用し、再起動します。特定の KB 番号を探す必要はありません。後続の更新プログラムに含まれています。",
		EN: "Install the latest cumulative update and restart. There is no need to look for a KB number: later updates contain the fix.",
	}}
	return []Finding{
		{
			ID: "unpatched", Verdict: Problem,
			Text: Text{
				JA: "この Windows ({version}) には 2018 年 3 月の CredSSP の修正が含まれていません。接続先としては、修正済みの接続元から拒否されます。接続元としては、「更新されたクライアントを強制する」に設定された接続先から拒否されます。",
				EN: "This Windows ({version}) lacks the CredSSP fix of March 2018. As a server it is refused by patched clients; as a client it is refused by servers set to Force Updated Clients.",
			},
			Fix: update,
		},
		{
			ID: "march-only", Verdict: Warning,
			Text: Text{
				JA: "この Windows ({version}) には CredSSP の修正がありますが、2018 年 5 月の更新プログラムがないため、既定はまだ「脆弱」です。",
				EN: "This Windows ({version}) has the CredSSP fix but not the update of May 2018, so its default is still Vulnerable.",
			},
			Fix: update,
		},
		{
			ID: "before-may", Verdict: Warning,
			Text: Text{
				JA: "TSpkg.dll {version} は 2018 年 5 月の更新プログラム ({may}) より古いバージョンです。CredSSP の修正がないか、既定がまだ「脆弱」です。",
				EN: "TSpkg.dll {version} is older than the one of May 2018 ({may}): the CredSSP fix is missing, or the default is still Vulnerable.",
			},
			Fix: update,
		},
		{
			ID: "patched", Verdict: OK,
			Text: Text{
				JA: "この Windows ({version}) には CredSSP の修正があり、既定は「軽減済み」です。接続先のサーバーについては、この結果からはわかりません。",
				EN: "This Windows ({version}) has the CredSSP fix, and its default is Mitigated. This says nothing about the server.",
			},
		},
		{
			ID: "unlisted", Verdict: Unknown,
			Text: Text{
				JA: "この Windows ({version}) は、修正の有無を判定できるビルドの一覧にありません。",
				EN: "This Windows ({version}) is not in the list of builds that tells whether the fix is there.",
			},
			Fix: update,
		},
	}
}

type level int

const (
	levelUnknown level = iota
	unpatched
	marchOnly
	beforeMay // Windows 7 and 8: no way to tell unpatched and marchOnly apart
	patched
)

// credsspBuild says from which update build revision (UBR) a build contains
// the fix of March 2018 and the default of May 2018. Zero: no such update was
// published for the build.
type credsspBuild struct{ build, march, may uint32 }

// ubrBuilds are the builds of Windows 10 that were in support in 2018.
// May: Microsoft's page on CredSSP encryption oracle remediation. March: the
// builds in the titles of the monthly updates' KB articles.
func ubrBuilds() []credsspBuild {
	return []credsspBuild{
		{10240, 17797, 17861},
		{10586, 1478, 0},
		{14393, 2125, 2248},
		{15063, 966, 1088},
		{16299, 309, 431},
		{17134, 0, 48}, // the fix is part of 1803
	}
}

// tspkgBuilds are the systems without a UBR: the TSpkg.dll of May 2018.
func tspkgBuilds() map[uint32]host.Version {
	return map[uint32]host.Version{
		7601: {6, 1, 7601, 24117},
		9200: {6, 2, 9200, 22432},
		9600: {6, 3, 9600, 18999},
	}
}

// firstFixedBuild is Windows 10 1809, the first release after May 2018.
const firstFixedBuild = 17763

func judgePatchLevel(h host.Host, _ Args) []Found {
	_, f := patchLevel(h)
	return f
}

// patchLevel judges how far this Windows is patched, with the finding to
// report for it.
func patchLevel(h host.Host) (level, []Found) {
	s, err := h.System()
	if err != nil {
		return levelUnknown, unread("RtlGetVersion", err)
	}
	version := fmt.Sprintf("%d.%d.%d", s.Major, s.Minor, s.Build)
	if s.Build >= firstFixedBuild {
		return patched, found("patched", "version", version)
	}
	if may, ok := tspkgBuilds()[s.Build]; ok {
		return tspkgLevel(h, may)
	}
	for _, b := range ubrBuilds() {
		if b.build == s.Build {
			return ubrLevel(h, b, version)
		}
	}
	return levelUnknown, found("unlisted", "version", version)
}

func tspkgLevel(h host.Host, may host.Version) (level, []Found) {
	v, err := h.FileVersion(tspkg)
	if err != nil {
		return levelUnknown, unread(tspkg, err)
	}
	if v.Less(may) {
		return beforeMay, found("before-may", "version", v.String(), "may", may.String())
	}
	return patched, found("patched", "version", "TSpkg.dll "+v.String())
}

func ubrLevel(h host.Host, b credsspBuild, version string) (level, []Found) {
	v, err := h.Value(currentVersion, "UBR")
	if err != nil {
		return levelUnknown, unread(currentVersion+`\UBR`, err)
	}
	ubr, ok := v.DWord()
	if !ok {
		return levelUnknown, wrongType(currentVersion+`\UBR`, v)
	}
	version = fmt.Sprintf("%s.%d", version, ubr)
	switch {
	case ubr < b.march:
		return unpatched, found("unpatched", "version", version)
	case b.may == 0 || ubr < b.may:
		return marchOnly, found("march-only", "version", version)
	}
	return patched, found("patched", "version", version)
}
