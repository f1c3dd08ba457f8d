package check

import (
	"fmt"
	"slices"
	"time"

	"kbgen/internal/kb/host"
)

// system is the family about Windows itself.
func system() []Check {
	return []Check{
		{
			ID: "os.version",
			Title: Text{
				JA: "Windows のバージョン",
				EN: "Version of Windows",
			},
			About: Text{
				JA: "Windows のバージョンとビルドを調べ、サポートが終了したものかを確認します。",
				EN: "Which version and build of Windows is this, and is it still supported?",
			},
			Reads: []Text{
				{JA: "Windows のバージョンとビルド (RtlGetVersion)", EN: "version and build of Windows (RtlGetVersion)"},
				same(currentVersion + `\UBR (REG_DWORD)`),
				same(currentVersion + `\DisplayVersion (REG_SZ)`),
				editionRead(),
				{JA: "現在の日付", EN: "the date"},
			},
			Findings: versionFindings(),
			Sources: []string{
				"learn.microsoft.com/windows/win32/sysinfo/operating-system-version",
				"learn.microsoft.com/windows/release-health/windows11-release-information",
				"learn.microsoft.com/windows/release-health/release-information",
				"learn.microsoft.com/windows/release-health/windows-server-release-info",
			},
		},
		{
			ID: "os.edition",
			Title: Text{
				JA: "Windows のエディション",
				EN: "Edition of Windows",
			},
			About: Text{
				JA: "Home エディションかどうかを調べます。Home では使えるツールと機能が異なります。",
				EN: "Is this a Home edition? Home lacks some tools and features.",
			},
			Reads: []Text{
				editionRead(),
				{JA: "エディションの番号 (GetProductInfo)", EN: "number of the edition (GetProductInfo)"},
			},
			Findings: []Finding{
				{
					ID: "contradiction", Verdict: Warning,
					Text: Text{
						JA: "エディションの情報が食い違っています (EditionID: {edition}、GetProductInfo: {product})。片方だけが Home エディションを示しています。",
						EN: "What is known of the edition does not fit together (EditionID: {edition}, GetProductInfo: {product}): only one of them says Home.",
					},
				},
				{
					ID: "home", Verdict: OK,
					Text: Text{
						JA: "Home エディション ({edition}) です。gpedit.msc、secpol.msc、lusrmgr.msc はなく、リモート デスクトップの接続先にもなれません。設定の変更はレジストリで行います。",
						EN: "This is a Home edition ({edition}). It has no gpedit.msc, secpol.msc or lusrmgr.msc and cannot be a Remote Desktop host. Settings are changed in the registry.",
					},
				},
				{
					ID: "not-home", Verdict: OK,
					Text: Text{
						JA: "エディションは {edition} です。グループ ポリシーなどの管理ツールを使用できます。",
						EN: "The edition is {edition}. Group Policy and the other management tools are available.",
					},
				},
			},
			Sources: []string{"winnt.h (PRODUCT_CORE)"},
		},
		pendingReboot(),
	}
}

func versionFindings() []Finding {
	update := Remedy{Text: Text{
		JA: "サポートされているバージョンの Windows への移行を計画します。組織の PC では管理者に確認します。",
		EN: "Plan the move to a supported version of Windows. On a managed computer, ask its administrator.",
	}}
	return []Finding{
		{
			ID: "support-ended", Verdict: Warning,
			Text: Text{
				JA: "Windows {version} ({product}、{edition}) のサポートは {date} に終了しました。",
				EN: "Support for Windows {version} ({product}, {edition}) ended on {date}.",
			},
			Fix: update,
		},
		{
			ID: "extended-only", Verdict: Warning,
			Text: Text{
				JA: "Windows 10 ({version}) の一般サポートは {date} に終了しました。以降の更新プログラムは、拡張セキュリティ更新プログラム (ESU) に登録した PC だけに提供されます。",
				EN: "General support for Windows 10 ({version}) ended on {date}. Later updates reach only computers that are enrolled for Extended Security Updates (ESU).",
			},
			Fix: update,
		},
		{
			ID: "version", Verdict: OK,
			Text: Text{
				JA: "Windows {version} ({product}、{display}) です。",
				EN: "This is Windows {version} ({product}, {display}).",
			},
		},
	}
}

const (
	lastWindows10  = 19045 // 22H2, the one that Extended Security Updates are for
	firstWindows11 = 22000
)

func judgeVersion(h host.Host, _ Args) []Found {
	s, err := h.System()
	if err != nil {
		return unread("RtlGetVersion", err)
	}
	clock, err := h.Clock()
	if err != nil {
		return unread("GetSystemTimeAsFileTime", err)
	}
	version := fmt.Sprintf("%d.%d.%d", s.Major, s.Minor, s.Build)
	if v, err := h.Value(currentVersion, "UBR"); err == nil {
		if ubr, ok := v.DWord(); ok {
			version = fmt.Sprintf("%s.%d", version, ubr)
		}
	}
	r, today := releaseOf(s), clock.Now.UTC().Format(time.DateOnly)
	edition, unreadable := editionID(h)
	if s.Product == host.Workstation && unreadable != nil && r.mayDecide(today) {
		return unreadable
	}
	display := "-"
	if v, err := h.Value(currentVersion, "DisplayVersion"); err == nil && v.Text != "" {
		display = v.Text
	}
	switch last := r.lastDay(edition); {
	case today <= last:
		return found("version", "version", version, "product", s.Product.String(), "display", display)
	case s.Product == host.Workstation && r.build == lastWindows10:
		return found("extended-only", "version", version, "date", last)
	default:
		return found("support-ended", "version", version, "product", s.Product.String(), "edition", valueText(edition), "date", last)
	}
}

func judgeEdition(h host.Host, _ Args) []Found {
	edition, unreadable := editionID(h)
	s, err := h.System()
	product := s.Edition
	switch {
	case unreadable != nil:
		return unreadable
	case err == nil && product != 0 && isHome(edition) != slices.Contains(homeProducts(), product):
		return found("contradiction", "edition", edition, "product", hexMask(product))
	case isHome(edition):
		return found("home", "edition", edition)
	}
	return found("not-home", "edition", edition)
}

// editionRead is where a Home edition shows.
func editionRead() Text { return same(currentVersion + `\EditionID (REG_SZ)`) }

// editionID reads the edition, or returns the finding that says why not.
func editionID(h host.Host) (edition string, unreadable []Found) {
	const name = currentVersion + `\EditionID`
	v, err := h.Value(currentVersion, "EditionID")
	switch {
	case err != nil:
		return "", unread(name, err)
	case v.Text == "":
		return "", wrongType(name, v)
	}
	return v.Text, nil
}

// homeEdition reports whether this is known to be a Home edition.
func homeEdition(h host.Host) (edition string, home bool) {
	edition, _ = editionID(h)
	return edition, isHome(edition)
}

// homeProducts are PRODUCT_CORE_N, _COUNTRYSPECIFIC, _SINGLELANGUAGE and
// PRODUCT_CORE, winnt.h.
func homeProducts() []uint32 { return []uint32{0x62, 0x63, 0x64, 0x65} }

func isHome(edition string) bool {
	return slices.Contains([]string{"Core", "CoreN", "CoreSingleLanguage", "CoreCountrySpecific"}, edition)
}
