package check

// appControl is the family about policies that decide which programs may run.
func appControl() []Check {
	return []Check{appLockerPolicy(), appLockerEvents(), softwareRestriction(), smartScreen()}
}

// ruleForProgram is what to do about a policy that blocks a program.
func ruleForProgram() Remedy {
	return Remedy{Text: Text{
		JA: "ポリシーの管理者に、そのプログラムを許可する規則 (発行元またはハッシュ) の追加を依頼します。AppIDSvc を無効にして回避しないでください。",
		EN: "Ask the administrator of the policy for a rule that allows the program (by publisher or hash). Do not switch off AppIDSvc to get around the policy.",
	}}
}

// withoutRule undoes ruleForProgram.
func withoutRule() Remedy {
	return Remedy{Text: Text{
		JA: "追加した規則を管理者が削除します。",
		EN: "The administrator removes the rule that was added.",
	}}
}
