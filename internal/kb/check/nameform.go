package check

import (
	"strings"

	"kbgen/internal/kb/host"
)

func nameForm() Check {
	retype := Remedy{Text: Text{
		JA: "ユーザー名を「接続先の名前\\ユーザー名」(接続先のローカル アカウント)、「ドメイン\\ユーザー名」または「ユーザー名@ドメイン」の形で入力し、資格情報を保存し直します。",
		EN: "Type the name as TARGET\\user for a local account of the target, DOMAIN\\user or user@domain, and save the credentials again.",
	}}
	return Check{
		ID: "account.name-form",
		Title: Text{
			JA: "ユーザー名の書き方",
			EN: "Form of the user name",
		},
		About: Text{
			JA: "ユーザー名が、接続先で正しく解釈される形かを確認します。",
			EN: "Is the user name in a form that the target can resolve?",
		},
		Reads: []Text{{
			JA: "指定されたユーザー名と接続先の名前。省略時は自分のユーザー名、ドメイン名、コンピューター名",
			EN: "the given user name and host; without a name, the user's own name, its domain, and the name of this computer",
		}},
		Params: []Param{userParam(), {
			Name: "host", Kind: KindHost,
			About: Text{JA: "接続先の名前", EN: "the host to connect to"},
		}},
		Findings: []Finding{
			{
				ID: "stray-characters", Verdict: Problem,
				Text: Text{
					JA: "ユーザー名 [{user}] の前後に空白があるか、全角の文字が含まれています。このままでは別の名前として扱われます。",
					EN: "The user name [{user}] has spaces around it or full-width characters, which makes it another name.",
				},
				Fix: retype,
			},
			{
				ID: "bare", Verdict: Warning,
				Text: Text{
					JA: "ユーザー名 {user} にドメインもコンピューター名も付いていません。どのアカウントになるかは接続先しだいです。",
					EN: "The user name {user} has neither a domain nor a computer name. Which account it means is up to the target.",
				},
				Fix: retype,
			},
			{
				ID: "dot-domain", Verdict: Warning,
				Text: Text{
					JA: "ユーザー名 {user} は「.\\」で始まるローカル アカウントの形ですが、接続先 {host} はドメインの名前です。",
					EN: "The user name {user} begins with .\\, the form for a local account, but the target {host} has the name of a domain.",
				},
				Fix: retype,
			},
			{
				ID: "client-name", Verdict: Warning,
				Text: Text{
					JA: "{user} はこの PC 自身のアカウントの形です。接続先に同じ名前のアカウントがあっても、この形では別のアカウントです。",
					EN: "{user} is the form of an account of this computer itself. An account of the same name on the target is another account.",
				},
				Fix: retype,
			},
			{
				ID: "blank", Verdict: Unknown,
				Text: Text{
					JA: "ユーザー名が空のため、判断できません。",
					EN: "The user name is blank, so nothing can be concluded.",
				},
			},
			{
				ID: "resolvable", Verdict: OK,
				Text: Text{
					JA: "{user} は接続先で解釈できる形です。パスワードには、PIN ではなくアカウントのパスワードを入力します。",
					EN: "{user} is in a form that the target can resolve. As the password, type that of the account: a PIN is not one.",
				},
			},
		},
		Sources: []string{"learn.microsoft.com/windows/win32/secauthn/user-name-formats"},
	}
}

func judgeNameForm(h host.Host, args Args) []Found {
	user, target := args["user"], args["host"]
	typed := user != ""
	id, err := h.Identity()
	if !typed {
		if err != nil {
			return unread("GetUserName", err)
		}
		user = strings.TrimPrefix(id.Domain+`\`+id.User, `\`)
	}
	domain, name, qualified := strings.Cut(user, `\`)
	if !qualified {
		name, domain, _ = strings.Cut(user, "@")
	}
	label, _, _ := strings.Cut(target, ".")
	switch {
	case strings.TrimSpace(name) == "":
		return found("blank")
	case typed && strayCharacters(user, domain, name):
		return found("stray-characters", "user", user)
	case domain == "":
		return found("bare", "user", user)
	case !qualified:
	case domain == ".":
		if strings.Contains(target, ".") && !isAddress(target) {
			return found("dot-domain", "user", user, "host", target)
		}
	case err != nil:
		return unread("GetComputerName", err)
	case strings.EqualFold(domain, id.Machine) && !strings.EqualFold(domain, label):
		return found("client-name", "user", user)
	}
	return found("resolvable", "user", user)
}

func strayCharacters(user string, parts ...string) bool {
	for _, p := range parts {
		if p != strings.TrimSpace(p) {
			return true
		}
	}
	return strings.ContainsFunc(user, func(r rune) bool {
		return r == '\u3000' || r >= '\uff01' && r <= '\uff5e' || r == '\uffe5'
	})
}
