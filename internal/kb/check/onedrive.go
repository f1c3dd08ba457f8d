package check

import (
	"errors"
	"strconv"

	"kbgen/internal/kb/host"
)

const (
	oneDriveWindowsPolicy = `HKLM\SOFTWARE\Policies\Microsoft\Windows\OneDrive`
	oneDrivePolicy        = `HKLM\SOFTWARE\Policies\Microsoft\OneDrive`
	explorerPolicy        = `HKCU\Software\Microsoft\Windows\CurrentVersion\Policies\Explorer`

	learnOneDrivePolicies = "learn.microsoft.com/sharepoint/use-group-policy"
	learnOneDriveDenied   = `Microsoft Learn, "Error 0x80070005 when you install or access OneDrive"`
)

// onedrive is the family about OneDrive.
func onedrive() []Check {
	return []Check{oneDrivePolicies(), oneDriveFolder(), oneDriveInstall()}
}

func oneDrivePolicies() Check {
	return Check{
		ID: "onedrive.policies",
		Title: Text{
			JA: "OneDrive のポリシー",
			EN: "Policies for OneDrive",
		},
		About: Text{
			JA: "OneDrive の使用やフォルダーのバックアップが、ポリシーで禁止されているかを確認します。",
			EN: "Do policies forbid OneDrive, or its backup of folders?",
		},
		Reads: []Text{
			same(oneDriveWindowsPolicy + `\DisableFileSyncNGSC (REG_DWORD)`),
			same(oneDrivePolicy + ` (KFMBlockOptIn, KFMSilentOptIn, DisablePersonalSync, FilesOnDemandEnabled, SilentAccountConfig)`),
			{
				JA: oneDrivePolicy + `\AllowTenantList と BlockTenantList の値の数`,
				EN: "number of values in " + oneDrivePolicy + `\AllowTenantList and BlockTenantList`,
			},
			same(explorerPolicy + `\DisablePersonalDirChange (REG_DWORD)`),
			{JA: "Windows のバージョン", EN: "version of Windows"},
		},
		Findings: append(oneDrivePolicyFindings(), settingFindings()...),
		Sources:  []string{learnOneDriveDenied, learnOneDrivePolicies},
	}
}

func oneDrivePolicyFindings() []Finding {
	set := func(key, name, value string) Remedy {
		return Remedy{
			Text: Text{
				JA: "変更前の値 (" + value + ") に戻します。",
				EN: "Set the value back to what it was before, " + value + ".",
			},
			Command: `reg add "` + key + `" /v ` + name + " /t REG_DWORD /d " + value + " /f",
		}
	}
	return []Finding{
		{
			ID: "forbidden", Verdict: Problem,
			Text: Text{
				JA: "ポリシーで OneDrive の使用が禁止されています (DisableFileSyncNGSC: 1)。",
				EN: "A policy forbids OneDrive (DisableFileSyncNGSC: 1).",
			},
			Fix: Remedy{
				Text: Text{
					JA: "組織の方針でなければ、管理者が [コンピューターの構成] > [管理用テンプレート] > [Windows コンポーネント] > [OneDrive] > [OneDrive をファイル記憶域として使用できないようにする] を未構成にします。Home エディションでは値を削除します。その後サインインし直します。",
					EN: "Unless the organization wants it like this, an administrator sets Computer Configuration > Administrative Templates > Windows Components > OneDrive > Prevent the usage of OneDrive for file storage to Not Configured; on a Home edition the value is deleted. Sign in again afterwards.",
				},
				Command: `reg delete "` + oneDriveWindowsPolicy + `" /v DisableFileSyncNGSC /f`,
			},
			Rollback: set(oneDriveWindowsPolicy, "DisableFileSyncNGSC", "1"),
		},
		{
			ID: "folders-fixed", Verdict: Warning,
			Text: Text{
				JA: "ポリシーでプロファイル フォルダーの移動が禁止されています (DisablePersonalDirChange: 1)。OneDrive のフォルダーのバックアップが 0x80070005 で失敗する原因になります。",
				EN: "A policy forbids moving the profile folders (DisablePersonalDirChange: 1). OneDrive's backup of folders then fails with 0x80070005.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "管理者が、ユーザーによるプロファイル フォルダーのリダイレクトを禁止するポリシー (DisablePersonalDirChange) を未構成にします。Home エディションでは値を削除します。その後サインインし直します。",
					EN: "An administrator sets User Configuration > Administrative Templates > Desktop > Prohibit User from manually redirecting Profile Folders to Not Configured; on a Home edition the value is deleted. Sign in again afterwards.",
				},
				Command: `reg delete "` + explorerPolicy + `" /v DisablePersonalDirChange /f`,
			},
			Rollback: set(explorerPolicy, "DisablePersonalDirChange", "1"),
		},
		{
			ID: "backup-blocked", Verdict: Warning,
			Text: Text{
				JA: "ポリシーで OneDrive のフォルダーのバックアップが禁止されています (KFMBlockOptIn: {value})。",
				EN: "A policy forbids OneDrive's backup of folders (KFMBlockOptIn: {value}).",
			},
			Fix: Remedy{
				Text: Text{
					JA: "組織の方針でなければ、管理者がポリシーを未構成にするか、値を削除します。",
					EN: "Unless the organization wants it like this, an administrator sets the policy to Not Configured, or deletes the value.",
				},
				Command: `reg delete "` + oneDrivePolicy + `" /v KFMBlockOptIn /f`,
			},
			Rollback: set(oneDrivePolicy, "KFMBlockOptIn", "{value}"),
		},
		{
			ID: "allowed", Verdict: OK,
			Text: Text{
				JA: "OneDrive を禁止するポリシーはありません (DisablePersonalSync: {personal}、FilesOnDemandEnabled: {demand}、SilentAccountConfig: {account}、KFMSilentOptIn: {backup}、AllowTenantList: {allow}、BlockTenantList: {block})。",
				EN: "No policy forbids OneDrive (DisablePersonalSync: {personal}, FilesOnDemandEnabled: {demand}, SilentAccountConfig: {account}, KFMSilentOptIn: {backup}, AllowTenantList: {allow}, BlockTenantList: {block}).",
			},
		},
	}
}

func judgeOneDrivePolicies(h host.Host, _ Args) (fs []Found) {
	if _, err := h.System(); err != nil { // then absent values prove nothing
		return unread("RtlGetVersion", err)
	}
	values := []string{}
	for _, s := range []struct {
		key, name string
		most      uint32
		finding   string // if it is not 0
		value     string // its name in the finding allowed
	}{
		{oneDriveWindowsPolicy, "DisableFileSyncNGSC", 1, "forbidden", ""},
		{explorerPolicy, "DisablePersonalDirChange", 1, "folders-fixed", ""},
		{oneDrivePolicy, "KFMBlockOptIn", 2, "backup-blocked", ""},
		{oneDrivePolicy, "DisablePersonalSync", 1, "", "personal"},
		{oneDrivePolicy, "FilesOnDemandEnabled", 1, "", "demand"},
		{oneDrivePolicy, "SilentAccountConfig", 1, "", "account"},
	} {
		d, bad := readSetting(h, s.key, s.name, s.most)
		fs = append(fs, bad...)
		switch {
		case s.value != "":
			values = append(values, s.value, d.String())
		case bad != nil || d.n == 0:
		case s.finding == "backup-blocked":
			fs = append(fs, found(s.finding, "value", d.String())...)
		default:
			fs = append(fs, found(s.finding)...)
		}
	}
	backup := "-"
	switch v, err := h.Value(oneDrivePolicy, "KFMSilentOptIn"); {
	case err == nil:
		backup = v.Type.String() // the tenant's ID is nobody's business
	case !errors.Is(err, host.ErrAbsent):
		fs = append(fs, unread(oneDrivePolicy+`\KFMSilentOptIn`, err)...)
	}
	values = append(values, "backup", backup)
	for _, l := range []struct{ value, key string }{{"allow", "AllowTenantList"}, {"block", "BlockTenantList"}} {
		all, err := h.Values(oneDrivePolicy + `\` + l.key)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			fs = append(fs, unread(oneDrivePolicy+`\`+l.key, err)...)
		}
		fs = append(fs, cutShort(oneDrivePolicy+`\`+l.key, len(all), host.MaxNames)...)
		values = append(values, l.value, strconv.Itoa(len(all)))
	}
	if fs == nil {
		return found("allowed", values...)
	}
	return fs
}
