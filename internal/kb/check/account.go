package check

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

// account is the family about accounts of this machine.
func account() []Check {
	return []Check{
		{
			ID: "account.local-state",
			Title: Text{
				JA: "ローカル アカウントの状態",
				EN: "State of the local account",
			},
			About: Text{
				JA: "ローカル アカウントがロックアウト、無効、期限切れになっていないかを確認します。",
				EN: "Is the local account locked out, disabled or expired?",
			},
			Reads: []Text{{
				JA: "ローカル アカウントの状態フラグ、有効期限、パスワードの期限切れ、失敗したパスワード入力の回数 (NetUserGetInfo)",
				EN: "flags, expiry, password expiry and count of wrong passwords of the local account (NetUserGetInfo)",
			}},
			Needs:    Needs{Admin: AdminMaybe},
			Params:   []Param{userParam()},
			Findings: append(localStateFindings(), notLocal()),
			Sources:  []string{"lmaccess.h (USER_INFO_4)", "learn.microsoft.com/windows/win32/adschema/a-useraccountcontrol"},
		},
		rdpUsersMembership(),
		logonRights(),
		nameForm(),
		{
			ID: "account.blank-password",
			Title: Text{
				JA: "空のパスワードの制限",
				EN: "Limit on blank passwords",
			},
			About: Text{
				JA: "空のパスワードのアカウントが、この PC への直接のサインインだけに制限されているかを確認します。",
				EN: "Are accounts with a blank password limited to signing in at this computer?",
			},
			Reads: []Text{
				same(lsa + `\LimitBlankPasswordUse (REG_DWORD)`),
				{
					JA: "ローカル アカウントの「パスワード不要」フラグ (NetUserGetInfo)",
					EN: "the password-not-required flag of the local account (NetUserGetInfo)",
				},
			},
			Params:   []Param{userParam()},
			Findings: slices.Concat(blankPasswordFindings(), settingFindings(), []Finding{notLocal()}),
			Sources:  []string{"lmaccess.h (USER_INFO_4)", "winerror.h (ERROR_ACCOUNT_RESTRICTION)"},
		},
	}
}

func userParam() Param {
	return Param{
		Name: "user", Kind: KindText,
		About: Text{
			JA: "調べるアカウント。省略すると、kbprobe を実行しているユーザー",
			EN: "the account to look at; left out, the user that runs kbprobe",
		},
	}
}

func notLocal() Finding {
	return Finding{
		ID: "not-local", Verdict: NotApplicable,
		Text: Text{
			JA: "この PC のローカル アカウントではないため、確認していません。ドメイン、Entra ID、Microsoft アカウントの状態は、それぞれの管理者に確認します。",
			EN: "Not checked, because this is no local account of this computer. For a domain, Entra ID or Microsoft account, ask its administrator.",
		},
	}
}

func localStateFindings() []Finding {
	return []Finding{
		{
			ID: "disabled", Verdict: Problem,
			Text: Text{
				JA: "ローカル アカウント {user} は無効です。このアカウントではサインインできません。",
				EN: "The local account {user} is disabled. Nobody can sign in with it.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "このアカウントを使う必要がある場合は、有効にします (管理者)。",
					EN: "If the account is needed, enable it (administrator).",
				},
				Command: `net user "{user}" /active:yes`,
			},
			Rollback: Remedy{
				Text:    Text{JA: "アカウントを無効に戻します。", EN: "Disable the account again."},
				Command: `net user "{user}" /active:no`,
			},
		},
		{
			ID: "locked-out", Verdict: Problem,
			Text: Text{
				JA: "ローカル アカウント {user} はロックアウトされています。正しいパスワードでもサインインできません。",
				EN: "The local account {user} is locked out. Even the right password is refused.",
			},
			Fix: Remedy{Text: Text{
				JA: "ロックアウトの期間が過ぎるまで待つか、lusrmgr.msc で解除します (管理者)。Home エディションに lusrmgr.msc はないため、待ちます。古いパスワードを保存したままの接続やプログラムがあれば、先に直します。",
				EN: "Wait until the lockout ends, or unlock the account in lusrmgr.msc (administrator; a Home edition has no lusrmgr.msc, so wait). First correct any connection or program that still has an old password saved.",
			}},
		},
		{
			ID: "account-expired", Verdict: Problem,
			Text: Text{
				JA: "ローカル アカウント {user} の有効期限 ({expires}) が切れています。",
				EN: "The local account {user} expired on {expires}.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "引き続き使うアカウントであれば、有効期限をなくします (管理者)。",
					EN: "If the account is still needed, remove its expiry (administrator).",
				},
				Command: `net user "{user}" /expires:never`,
			},
			Rollback: Remedy{Text: Text{
				JA: "net user の /expires で、有効期限を {expires} に戻します。",
				EN: "Set the expiry back to {expires} with the option /expires of net user.",
			}},
		},
		{
			ID: "password-expired", Verdict: Problem,
			Text: Text{
				JA: "ローカル アカウント {user} のパスワードは、期限切れか、次回サインイン時に変更が必要な状態です。変更するまで接続できないことがあります。",
				EN: "The password of the local account {user} has expired or must be changed at the next sign-in. Until then connections may be refused.",
			},
			Fix: Remedy{Text: Text{
				JA: "この PC に直接サインインし、パスワードを変更します。保存済みの資格情報も新しいパスワードで保存し直します。",
				EN: "Sign in at this computer itself and change the password, then save it again wherever the old one is saved.",
			}},
		},
		{
			ID: "smart-card", Verdict: Warning,
			Text: Text{
				JA: "ローカル アカウント {user} は、サインインにスマート カードが必要な設定です。パスワードではサインインできません。",
				EN: "The local account {user} requires a smart card to sign in. A password is refused.",
			},
		},
		{
			ID: "bad-passwords", Verdict: Warning,
			Text: Text{
				JA: "ローカル アカウント {user} では、パスワードの入力に {count} 回失敗しています。失敗が続くとロックアウトされます。",
				EN: "A wrong password was entered {count} times for the local account {user}. More of them may lock it out.",
			},
			Fix: Remedy{Text: Text{
				JA: "保存済みの資格情報に古いパスワードが残っていないかを確認します。",
				EN: "Check whether an old password is still saved somewhere.",
			}},
		},
		{
			ID: "usable", Verdict: OK,
			Text: Text{
				JA: "ローカル アカウント {user} は有効で、ロックアウトも期限切れもありません。",
				EN: "The local account {user} is enabled, not locked out and not expired.",
			},
		},
	}
}

func judgeLocalState(h host.Host, args Args) []Found {
	u, stop := localUser(h, args["user"])
	if stop != nil {
		return stop
	}
	var fs []Found
	for _, flag := range []struct {
		finding string
		bit     uint32
	}{{"disabled", host.UserDisabled}, {"locked-out", host.UserLockedOut}, {"smart-card", host.UserSmartCardRequired}} {
		if u.Flags&flag.bit != 0 {
			fs = append(fs, found(flag.finding, "user", u.Name)...)
		}
	}
	if u.AccountExpires != 0 && u.AccountExpires != neverExpires {
		expires := time.Unix(int64(u.AccountExpires), 0)
		clock, err := h.Clock()
		if err != nil {
			fs = append(fs, unread("GetSystemTime", err)...)
		} else if expires.Before(clock.Now) {
			fs = append(fs, found("account-expired", "user", u.Name, "expires", minuteUTC(expires))...)
		}
	}
	if u.PasswordExpired {
		fs = append(fs, found("password-expired", "user", u.Name)...)
	}
	if u.BadPasswords > 0 {
		fs = append(fs, found("bad-passwords", "user", u.Name, "count", strconv.Itoa(int(u.BadPasswords)))...)
	}
	if fs == nil {
		return found("usable", "user", u.Name)
	}
	return fs
}

// neverExpires is TIMEQ_FOREVER of lmaccess.h. Accounts whose expiry was
// never set may have 0.
const neverExpires = 0xffffffff

// localUser reads the local account that the parameter user names, or returns
// the finding that says why not.
func localUser(h host.Host, user string) (u host.LocalUser, stop []Found) {
	name, elsewhere, err := localName(h, user)
	if err != nil {
		return u, unread("GetComputerName", err)
	}
	if elsewhere {
		return u, found("not-local")
	}
	u, err = h.LocalUser(name)
	if errors.Is(err, host.ErrAbsent) {
		return u, found("not-local")
	}
	if err != nil {
		return u, unread("NetUserGetInfo", err)
	}
	if u.Name == "" {
		u.Name = "-"
	}
	return u, nil
}

// localName takes the domain off a user name. The result is empty for the
// account of this process; elsewhere says that the name is of another domain
// or machine.
func localName(h host.Host, user string) (name string, elsewhere bool, err error) {
	domain, name, qualified := strings.Cut(user, `\`)
	upn := !qualified && strings.Contains(user, "@")
	switch {
	case !qualified && !upn:
		return user, false, nil
	case qualified && domain == ".":
		return name, name == "", nil
	}
	id, err := h.Identity()
	switch {
	case err != nil:
		return "", false, err
	case qualified && strings.EqualFold(user, id.Domain+`\`+id.User), upn && strings.EqualFold(user, id.User+"@"+id.DNS):
		return "", false, nil
	case qualified && name != "" && strings.EqualFold(domain, id.Machine):
		return name, false, nil
	}
	return "", true, nil
}

func blankPasswordFindings() []Finding {
	return []Finding{
		{
			ID: "unlimited", Verdict: Warning,
			Text: Text{
				JA: "LimitBlankPasswordUse は 0 です。空のパスワードのアカウントに、ネットワーク経由でもサインインできる危険な設定です。",
				EN: "LimitBlankPasswordUse is 0. Accounts with a blank password can be used over the network too, which is unsafe.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "値を 1 (既定) に戻し、アカウントにパスワードを設定します (管理者)。",
					EN: "Set the value back to 1, the default, and give the account a password (administrator).",
				},
				Command: `reg add "` + lsa + `" /v LimitBlankPasswordUse /t REG_DWORD /d 1 /f`,
			},
			Rollback: Remedy{
				Text: Text{
					JA: "変更前の値 (0) に戻します。セキュリティが下がるため、移行が終わるまでの一時的な場合に限ります。",
					EN: "Set the value back to 0. This lowers security: do it only for the time of a migration.",
				},
				Command: `reg add "` + lsa + `" /v LimitBlankPasswordUse /t REG_DWORD /d 0 /f`,
			},
		},
		{
			ID: "may-be-blank", Verdict: Warning,
			Text: Text{
				JA: "ローカル アカウント {user} は、パスワードなしでも使える設定です。空のパスワードの場合、この PC の前でしかサインインできず、リモート接続はエラー 1327 で拒否されます。",
				EN: "The local account {user} may have a blank password. If it has, it can be used at this computer only: remote connections are refused with error 1327.",
			},
			Fix: Remedy{Text: Text{
				JA: "アカウントにパスワードを設定します。LimitBlankPasswordUse は 0 にしません。",
				EN: "Give the account a password. Do not set LimitBlankPasswordUse to 0.",
			}},
		},
		{
			ID: "limited", Verdict: OK,
			Text: Text{
				JA: "空のパスワードは、この PC への直接のサインインだけに制限されています。ローカル アカウント {user} にはパスワードが必要です。",
				EN: "Blank passwords are limited to signing in at this computer, and the local account {user} needs a password.",
			},
		},
	}
}

func judgeBlankPassword(h host.Host, args Args) []Found {
	limit, bad := readSetting(h, lsa, "LimitBlankPasswordUse", 1)
	switch {
	case bad != nil:
		return bad
	case limit.is(0):
		return found("unlimited")
	}
	u, stop := localUser(h, args["user"])
	switch {
	case stop != nil:
		return stop
	case u.Flags&host.UserPasswordNotRequired != 0:
		return found("may-be-blank", "user", u.Name)
	}
	return found("limited", "user", u.Name)
}
